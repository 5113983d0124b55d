-- Conversations of residents and visitors with official accounts. Memo and lines are sealed, bound to the talk's id. A talk is kept until a
-- time that moves on with every line: 180 days for a resident, 30 for a visitor.

create table talk (
  id bigint primary key,
  owner text not null,         -- "resident/7", or "visitor/" and the hash of a cookie
  account bigint not null,
  no text not null,            -- case that is talked about, '' for none
  memo bytea,                  -- sealed
  last integer not null,       -- number of the newest line
  at bigint not null,          -- Unix ms of it
  until bigint not null        -- Unix ms
);

create unique index talk_owner on talk (owner, account);
create index talk_until on talk (until);

create table talk_line (
  talk bigint not null,
  n integer not null,
  mine boolean not null,
  body bytea,                  -- sealed
  at bigint not null,
  primary key (talk, n)
);
