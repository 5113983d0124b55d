-- When the channel's page of an order was made, and where it leads back to: a page opens for five minutes, an order lives longer.

alter table payment_order add column url_at bigint not null default 0; -- Unix ms
alter table payment_order add column back text not null default '';   -- path on this site
