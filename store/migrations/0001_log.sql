-- The event log: log, outbox and audit trail in one append-only, hash-chained table.
-- Triggers that refuse update and delete differ by dialect; store/sqldb/guard.go sets them.

create table event (
  shard integer not null,      -- events of one key share a shard
  position bigint not null,    -- 1, 2, 3 … without gaps in its shard
  id bigint not null,          -- unique over all shards, rises within a shard
  name text not null,
  key text not null,
  at bigint not null,          -- Unix ms, never goes back within a shard
  actor text not null,
  account bigint not null,
  region text not null,
  sector text not null,
  service text not null,
  data text not null,          -- the body as JSON, byte for byte as hashed
  prev bytea not null,
  hash bytea not null,
  primary key (shard, position)
);

create index event_key on event (key, position);

-- The last event of each shard. Postgres locks this row before it takes a position, so that
-- positions commit in order and a reader never skips one.
create table event_head (
  shard integer primary key,
  position bigint not null,
  id bigint not null,
  at bigint not null,
  hash bytea not null
);

insert into event_head (shard, position, id, at, hash) values
  (0, 0, 0, 0, cast('' as bytea)),
  (1, 0, 0, 0, cast('' as bytea)),
  (2, 0, 0, 0, cast('' as bytea)),
  (3, 0, 0, 0, cast('' as bytea)),
  (4, 0, 0, 0, cast('' as bytea)),
  (5, 0, 0, 0, cast('' as bytea)),
  (6, 0, 0, 0, cast('' as bytea)),
  (7, 0, 0, 0, cast('' as bytea));

-- Alarms: each becomes an event of its key when due; the row goes in the same transaction.
create table alarm (
  id bigint primary key,
  due bigint not null,         -- Unix ms
  key text not null,
  name text not null,
  actor text not null,
  account bigint not null,
  region text not null,
  sector text not null,
  service text not null,
  data text not null
);

create index alarm_due on alarm (due, id);

-- How far each consumer of the log bus has come. Written lazily: a crash repeats some events.
create table bus_cursor (
  consumer text not null,
  shard integer not null,
  position bigint not null,    -- everything up to here is handled or held
  primary key (consumer, shard)
);

-- Events that a consumer could not handle yet, and the later events of their keys, which
-- wait behind them. The first row of a consumer and key is the one that is tried.
create table bus_hold (
  id bigint primary key,
  consumer text not null,
  shard integer not null,
  position bigint not null,
  event bigint not null,       -- event.id
  key text not null,
  state text not null check (state in ('retry', 'wait', 'parked', 'skip')),
  attempts integer not null,
  due bigint not null,         -- Unix ms of the next attempt; the largest bigint when none is planned
  error text not null,         -- kinds and ids only
  since bigint not null,       -- Unix ms when it was put here
  unique (consumer, shard, position)
);

create index bus_hold_due on bus_hold (due);
create index bus_hold_key on bus_hold (consumer, key, position);
create index bus_hold_parked on bus_hold (since, id) where state = 'parked';

-- Which process works a shard of the log bus, where several share one Postgres.
create table bus_lease (
  shard integer primary key,
  holder text not null,
  generation bigint not null,  -- rises with every change of holder; writes carry it
  until bigint not null        -- Unix ms
);

insert into bus_lease (shard, holder, generation, until) values
  (0, '', 0, 0), (1, '', 0, 0), (2, '', 0, 0), (3, '', 0, 0),
  (4, '', 0, 0), (5, '', 0, 0), (6, '', 0, 0), (7, '', 0, 0);
