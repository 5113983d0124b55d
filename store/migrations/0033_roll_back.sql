-- Who asked that an earlier version of a department's service be offered again; a second person has it done.
alter table draft add column back_version integer not null default 0; -- 0 when nobody asks
alter table draft add column back_by bigint not null default 0;       -- member
alter table draft add column back_reason text not null default '';
