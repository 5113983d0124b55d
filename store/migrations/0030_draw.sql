-- Draws (摇号): what is scarce is shared out by lot, so that anybody can draw again.
create table draw (
  id bigint primary key,
  no text not null,            -- in addresses
  department bigint not null,
  city text not null,          -- GB/T 2260
  series text not null,
  period text not null,        -- six digits
  state text not null,
  terms text not null,         -- JSON, never changed
  last integer not null,       -- number given last
  course text not null,        -- JSON: how it has gone
  house bytea,                 -- sealed: the house's seed
  created bigint not null,     -- Unix ms
  rev bigint not null
);

create unique index draw_no on draw (no);
create unique index draw_period on draw (series, period);
create index draw_city on draw (city, created);
create index draw_department on draw (department, created);

create table draw_entry (
  draw bigint not null,
  number integer not null,
  act text not null,           -- key of the act that made it
  person bytea not null,       -- keyed hash of draw and citizen number
  phone bytea not null,        -- keyed hash
  nonce bytea not null,        -- sealed
  blind text not null,         -- the published line
  choices text not null,       -- codes, parted by commas
  state text not null,
  turn integer not null,       -- in the order drawn, 0 before
  place text not null,         -- code of what was won
  created bigint not null,
  primary key (draw, number)
);

create unique index draw_entry_act on draw_entry (act);
create unique index draw_entry_person on draw_entry (draw, person) where state = 'entered';

-- Acts that were called off before they made an entry, so that they never will.
create table draw_void (
  act text primary key,
  at bigint not null           -- Unix ms
);
