-- Running matters of residents. Columns named sealed hold seal.Sealed bound to purpose and row.

create table cases (
  no text primary key,         -- public number
  id bigint not null,
  resident bigint not null,    -- 0 while it is a visitor's
  visitor bytea,               -- hash of the visitor's cookie
  city text not null,
  service text not null,
  sector text not null,
  version integer not null,    -- of the definition, pinned
  account bigint not null,
  department bigint not null,
  lang text not null,
  state text not null check (state in ('draft', 'asking', 'paying', 'filing', 'refunding', 'stuck',
    'done', 'answered', 'refused', 'withdrawn', 'expired')),
  data bytea not null,         -- sealed: where it stands in its definition, with all answers
  summary bytea,               -- sealed
  client bytea,                -- sealed: address the resident last wrote from
  log text not null,           -- JSON, the timeline
  opened bigint not null,      -- this and the next four: Unix ms
  updated bigint not null,
  due bigint not null,
  kept bigint not null,
  ended bigint not null,
  stars integer not null check (stars >= 0 and stars <= 5), -- 0 while not rated
  rated_at bigint not null,
  reasons text not null,       -- JSON, codes
  words bytea,                 -- sealed: the rating's text
  rev bigint not null
);

create index cases_resident on cases (resident, updated);
create index cases_department on cases (department, state, updated);

-- Keys that make opening idempotent: a hash of owner and key.
create table cases_key (
  hash bytea primary key,
  no text not null references cases (no)
);

-- Sums of ratings, so that lists of services need not count cases.
create table cases_stars (
  city text not null,
  service text not null,
  count bigint not null,
  sum bigint not null,
  primary key (city, service)
);
