-- Plates that a resident saved for forms; nothing is proven by them.
alter table resident add column saved_plates bytea; -- sealed JSON list; null for none
