-- What a key was used for: a hash of owner, key, service and answers. Null for keys that were used before.

alter table cases_key add column asked bytea;
