-- Departments, their official accounts, and the people of the console.

create table department (
  id bigint primary key,
  slug text not null,
  name text not null,
  en text not null,
  region text not null,        -- GB/T 2260
  level text not null,
  sector text not null,
  phone text not null
);

create unique index department_slug on department (slug);
create index department_region on department (region);

create table account (
  id bigint primary key,
  alias text not null,
  name text not null,
  en text not null,
  kind text not null,
  department bigint not null,
  region text not null,
  sector text not null,
  verified boolean not null,
  intro text not null,
  intro_en text not null,
  sign text not null,
  opened bigint not null       -- Unix ms, as all times
);

create unique index account_alias on account (alias);
create index account_region on account (region);

create table staff (
  id bigint primary key,
  login text not null,         -- lower case
  name text not null,
  department bigint not null,  -- 0 for the operator's people
  operator boolean not null,
  password text not null,      -- Argon2id in PHC form
  totp bytea,                  -- sealed
  last_step bigint not null,
  created bigint not null,
  rev bigint not null
);

create unique index staff_login on staff (login);

create table staff_session (
  id bigint primary key,
  token bytea not null,        -- SHA-256 of the cookie's value
  member bigint not null,
  created bigint not null,
  seen bigint not null,
  expires bigint not null
);

create unique index staff_session_token on staff_session (token);
create index staff_session_member on staff_session (member);
create index staff_session_expires on staff_session (expires);
