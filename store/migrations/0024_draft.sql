-- Services that departments make themselves: the text that is being written, and every version that was published.
create table draft (
  id bigint primary key,
  service text not null,
  department bigint not null,
  city text not null,          -- GB/T 2260
  account text not null,       -- alias
  state text not null,
  live integer not null,       -- version that residents are offered, 0 for none
  turn bigint not null,        -- counts changes of what residents are offered
  trial text not null,         -- key of the link to try it out, '' for none
  trial_until bigint not null, -- Unix ms, as all times
  hands text not null,         -- JSON list of members who wrote any of body
  acts text not null,          -- JSON list
  created bigint not null,
  changed bigint not null,
  rev bigint not null,
  body text not null
);

create unique index draft_service on draft (service);
create index draft_department on draft (department, changed);
create index draft_trial on draft (trial);
create index draft_turn on draft (turn);

create table draft_edition (
  draft bigint not null,
  version integer not null,
  at bigint not null,
  member bigint not null,      -- who published it
  approver bigint not null,
  back integer not null,       -- version whose text was published again, 0 for a new text
  body text not null,
  primary key (draft, version)
);
