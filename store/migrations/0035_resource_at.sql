-- Where a resource of the house is, so that residents can have the nearest first. WGS-84 in millionths of a degree; both 0 when nobody said.

alter table booking_resource add column lat bigint not null default 0;
alter table booking_resource add column lon bigint not null default 0;
