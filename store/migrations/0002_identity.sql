-- Residents, what proves them, their sessions and one-time codes, and every budget.
-- Columns named sealed hold seal.Sealed bound to purpose and row; *_blind hold keyed indexes for equality.

create table resident (
  id bigint primary key,
  phone bytea not null,        -- sealed
  phone_blind bytea not null,
  level integer not null check (level >= 1 and level <= 4),
  name bytea,                  -- sealed; null below level 2
  citizen_number bytea,        -- sealed; null below level 2
  citizen_blind bytea,         -- one number belongs to one resident
  card bytea,                  -- sealed; null below level 3
  card_phone bytea,            -- sealed; the phone registered with the bank
  bank text not null,
  plates bytea,                -- sealed JSON list; null below level 4
  city text not null,          -- slug of the city last used
  lang text not null,
  theme text not null,
  elder boolean not null,
  created bigint not null,     -- Unix ms, as all times
  proven_at bigint not null,
  rev bigint not null
);

create unique index resident_phone on resident (phone_blind);
create unique index resident_citizen on resident (citizen_blind);

-- The consent ledger: a row is written when consent is given and dated when it ends, never deleted.
create table consent (
  id bigint primary key,
  resident bigint not null,
  purpose text not null,
  version integer not null,
  given bigint not null,
  ended bigint not null        -- 0 while in force
);

create index consent_resident on consent (resident, given);
create unique index consent_live on consent (resident, purpose) where ended = 0;

create table favourite (
  resident bigint not null,
  city text not null,
  service text not null,
  at bigint not null,
  primary key (resident, city, service)
);

create table session (
  id bigint primary key,
  token bytea not null,        -- SHA-256 of the cookie's value
  resident bigint not null,
  device text not null,
  created bigint not null,
  seen bigint not null,
  expires bigint not null,
  step_up bigint not null
);

create unique index session_token on session (token);
create index session_resident on session (resident);
create index session_expires on session (expires);

-- One live code per phone and purpose.
create table code (
  target bytea primary key,    -- blind index of phone and purpose
  salt text not null,
  hash bytea not null,         -- keyed hash of phone, purpose, salt and code
  tries integer not null,      -- wrong tries so far
  expires bigint not null
);

create index code_expires on code (expires);

-- What was spent of each budget, per target.
create table budget (
  target bytea primary key,    -- blind index of budget and target
  name text not null,
  spent bytea not null,        -- times and counts within the window, see store/budget.go
  until bigint not null        -- when all of it is out of the window
);

create index budget_until on budget (until);
