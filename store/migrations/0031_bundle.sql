-- Matters of life: several cases that one resident has done together. A bundle names its cases; cases know nothing of it.

create table bundle (
  no text primary key,
  id bigint not null,
  resident bigint not null,
  city text not null,
  bundle text not null,        -- id of the definition
  version integer not null,
  lang text not null,
  channel text not null,
  level integer not null,
  state text not null,
  data bytea not null,         -- sealed: the answers to the shared questions
  members text not null,       -- JSON by member: standing, case, round, why, since when
  opened bigint not null,      -- Unix ms, as all times
  updated bigint not null,
  kept bigint not null,        -- 0 once it runs
  ended bigint not null,       -- 0 while something may still come
  rev bigint not null
);

create index bundle_resident on bundle (resident, updated);

create table bundle_case (
  case_no text primary key,
  no text not null
);
