-- People that residents saved to fill forms with, and mandates to act for somebody.
-- Columns named sealed hold seal.Sealed bound to purpose and row; *_blind hold keyed indexes for equality.

create table person (
  id bigint primary key,
  resident bigint not null,    -- who saved them
  relation text not null,      -- child, parent, spouse, other
  name bytea not null,         -- sealed
  citizen_number bytea not null, -- sealed
  saved bigint not null,       -- Unix ms, as all times
  confirmed bigint not null    -- when the household register said that it is the resident's child; 0 otherwise
);

create index person_resident on person (resident, saved);

create table mandate (
  id bigint primary key,
  agent bigint not null,       -- resident who acts
  principal bigint not null,   -- resident who is acted for; 0 until they answered
  asked_blind bytea not null,  -- citizen number that was asked for
  name bytea,                  -- sealed; as asked for, null once it was answered
  services text not null,      -- JSON list of service ids; [] is all
  state text not null,         -- asked, active, refused, ended
  asked bigint not null,
  answered bigint not null,    -- 0 until then
  until bigint not null,       -- last moment that it holds
  ended bigint not null,       -- 0 until it was ended before its time
  rev bigint not null
);

create index mandate_agent on mandate (agent, asked);
create index mandate_principal on mandate (principal, asked);
create index mandate_asked on mandate (asked_blind, state);
