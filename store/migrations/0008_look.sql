-- Who of the staff read a resident's cases, as the resident is shown it. Made from cases.read events.

create table look (
  id bigint primary key,       -- event.id
  resident bigint not null,    -- 0 while the case is a visitor's
  at bigint not null,          -- Unix ms
  no text not null,            -- public number of the case
  account bigint not null,     -- the account that answers for the case
  operator boolean not null,   -- a person of the platform, not of the department
  purpose text not null
);

create index look_resident on look (resident, at, id);
create index look_no on look (no);
