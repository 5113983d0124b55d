-- What the house did, counted by day from its events. Made from the event log, so it may be made anew from it.

-- How far each shard of the log is counted: it moves in the change that adds to the facts.
create table fact_cursor (
  shard integer primary key,
  position bigint not null
);

insert into fact_cursor (shard, position) values (0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0), (7, 0);

create table fact_day (
  day integer not null,        -- yyyymmdd in China; yyyymm00 once the month was rolled up
  region text not null,        -- the city's code
  service text not null,       -- empty for the city's entry as a whole
  channel text not null,       -- how the case was opened
  level integer not null,      -- how well its resident was proven then
  metric text not null,
  value bigint not null,
  primary key (day, region, service, channel, level, metric)
);

-- Who opened a case of a service in a month: ids alone. Rows go after a time; their number stays in fact_crowd.
create table fact_person (
  month integer not null,      -- yyyymm in China
  region text not null,
  service text not null,
  resident bigint not null,
  primary key (month, region, service, resident)
);

create table fact_crowd (
  month integer not null,
  region text not null,
  service text not null,
  people bigint not null,
  primary key (month, region, service)
);

-- Nights whose alarm is set, so that each is set once.
create table fact_night (
  day integer primary key      -- yyyymmdd in China
);
