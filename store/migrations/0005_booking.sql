-- Slots with places, and who took one.

create table booking_slot (
  pool text not null,
  id text not null,            -- the office's id, unique in the pool
  start_at bigint not null,    -- this and the next: Unix ms
  end_at bigint not null,
  capacity integer not null check (capacity >= 0),
  taken integer not null check (taken >= 0), -- above capacity only when the office lowered it afterwards
  primary key (pool, id)
);

create table booking (
  no text primary key,
  id bigint not null,
  for_kind text not null,
  for_no text not null,
  step text not null,
  attempt integer not null,
  resident bigint not null,
  pool text not null,
  slot text not null,
  day text not null,           -- YYYY-MM-DD in Asia/Shanghai of start_at
  service text not null,
  region text not null,
  sector text not null,
  account bigint not null,
  start_at bigint not null,    -- this and the next three: Unix ms
  end_at bigint not null,
  until bigint not null,
  created bigint not null,
  state text not null check (state in ('held', 'confirmed', 'released')),
  reason text not null,
  rev bigint not null,
  unique (for_kind, for_no, step, attempt),
  foreign key (pool, slot) references booking_slot (pool, id)
);

-- One live reservation per resident, pool and day.
create unique index booking_live on booking (resident, pool, day) where state <> 'released';
