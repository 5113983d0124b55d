-- Booking whole: places kept for walk-ins, waitlists, the queue of a day, and what the house has slots of.
alter table booking_slot add column walk integer not null default 0;     -- of the capacity, for walk-ins until free_at
alter table booking_slot add column walked integer not null default 0 check (walked >= 0); -- of those taken, by walk-ins
alter table booking_slot add column free_at bigint not null default 0;   -- Unix ms: from then on what is left serves both sides
alter table booking_slot add column waiting integer not null default 0 check (waiting >= 0);
alter table booking_slot add column line integer not null default 0;     -- number given last in the waitlist

-- States of a reservation are listed in the room that moves them (domain/booking): the column takes any, as in cases.
drop index booking_live;
drop index booking_confirmed;
alter table booking rename column state to state_was;
alter table booking add column state text not null default '';
update booking set state = state_was;
alter table booking drop column state_was;
alter table booking add column place integer not null default 0;         -- in the slot's waitlist
alter table booking add column number integer not null default 0;        -- in the day's queue
alter table booking add column desk text not null default '';            -- window it was called to
alter table booking add column arrived bigint not null default 0;        -- this and the next two: Unix ms
alter table booking add column called bigint not null default 0;
alter table booking add column changed bigint not null default 0;
update booking set changed = created;

-- One reservation per resident, pool and day; nobody at the counter is a resident.
create unique index booking_live on booking (resident, pool, day) where state <> 'released' and state <> 'waiting' and resident <> 0;
create unique index booking_waits on booking (resident, pool, slot) where state = 'waiting';
create unique index booking_line on booking (pool, slot, place) where state = 'waiting';
create index booking_known on booking (pool, slot) where state <> 'released' and state <> 'waiting' and state <> 'held';
create index booking_day on booking (pool, day, start_at, number);
create index booking_missed on booking (resident, pool, start_at) where state = 'missed';

create table booking_queue (
  pool text not null,
  day text not null,
  last integer not null,       -- number given last
  primary key (pool, day)
);

create table booking_resource (
  pool text primary key,
  kind text not null,
  name text not null,
  address text not null,
  department bigint not null,
  account bigint not null,
  region text not null,
  matters text not null,       -- this and the next two: JSON
  plan text not null,
  rules text not null,
  rev bigint not null
);

create index booking_resource_department on booking_resource (department, region);
