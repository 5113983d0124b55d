-- States of a case are listed in the room that moves them (domain/cases): the column takes any, so that a new one needs no migration.
drop index cases_department;
alter table cases rename column state to state_was;
alter table cases add column state text not null default '';
update cases set state = state_was;
alter table cases drop column state_was;
create index cases_department on cases (department, state, updated);
