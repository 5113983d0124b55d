-- A code belongs to the browser that asked for it, so a phone may have several; target now says which browser as well.
-- Codes live five minutes: those of before are dropped, and whoever waits for one asks again.

delete from code;

alter table code add column phone bytea;  -- blind index of phone and purpose

create index code_phone on code (phone);
