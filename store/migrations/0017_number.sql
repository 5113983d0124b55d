-- Numbers that visits are counted by (docs/visit-log.md): given once, the same on every node, never given again.

create table visit_number (
  space text not null,         -- 'place': region/service/account; 'person': id of a resident
  name text not null,
  number bigint not null,      -- 1, 2, 3 …
  primary key (space, name),
  unique (space, number)
);
