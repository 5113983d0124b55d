-- Notes of official accounts to residents. Rows and text are sealed, bound to the note's id.

create table note (
  id bigint primary key,
  key text not null,           -- what it is about
  resident bigint not null,
  account bigint not null,
  kind text not null,
  title text not null,         -- a wording key
  lines bytea,                 -- sealed JSON
  body bytea,                  -- sealed
  link text not null,
  at bigint not null,          -- Unix ms
  read_at bigint not null      -- 0 while unread
);

create unique index note_key on note (resident, key);
create index note_list on note (resident, at, id);
create index note_unread on note (resident) where read_at = 0;
