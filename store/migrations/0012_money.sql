-- What a person does about money: refunds that went back by other means than the channel, and findings that were looked into.
-- A finding is one line of the bill or the ledger, so two of one order, day and kind are two.

alter table payment_order add column by_hand boolean not null default false; -- returned by other means than the channel
alter table payment_extra add column by_hand boolean not null default false;

create index payment_order_open on payment_order (created) where state in ('ordered', 'refunding');
create index payment_extra_open on payment_extra (order_no) where state <> 'returned';

create table payment_difference (
  day text not null,
  order_no text not null,
  kind text not null check (kind in ('missing_here', 'missing_there', 'amount', 'state')),
  ref text not null,                  -- the channel's transaction or our refund number; empty in findings of earlier versions
  ours bigint not null,
  theirs bigint not null,
  at bigint not null,
  accepted bigint not null default 0, -- Unix ms, 0 while open; who and why is in the log
  primary key (day, order_no, kind, ref)
);

insert into payment_difference (day, order_no, kind, ref, ours, theirs, at)
select day, order_no, kind, '', ours, theirs, at from payment_finding;

drop table payment_finding;

alter table payment_difference rename to payment_finding;

create index payment_finding_open on payment_finding (day) where accepted = 0 and kind <> 'state';
