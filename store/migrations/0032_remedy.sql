-- What residents did about what was decided and how: corrections, appeals, bad ratings. The whole is sealed with its case; a task is one piece
-- of work for staff, without anybody's name, written with the case.

alter table cases add column remedies bytea; -- sealed: JSON; null for none

create table cases_task (
  no text primary key,         -- public number of its own: the follow-up of a bad rating must not lead to its case
  case_no text not null references cases (no),
  kind text not null,          -- appeal, followup
  department bigint not null,
  city text not null,
  service text not null,
  open boolean not null,       -- somebody must act
  opened bigint not null,      -- Unix ms
  due bigint not null,         -- Unix ms
  late boolean not null        -- it ran out once
);

create index cases_task_department on cases_task (open, department, due);

alter table cases_stars add column good bigint not null default 0;    -- of the upper three grades
alter table cases_stars add column asked bigint not null default 0;   -- bad ones answered, or whose time is over
alter table cases_stars add column in_time bigint not null default 0; -- of these, answered in time
