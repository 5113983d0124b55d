-- What staff decided about a case and why: the event log holds who and what, the reason is sealed with the case.

alter table cases add column rulings bytea; -- sealed: JSON, oldest first; null for none
