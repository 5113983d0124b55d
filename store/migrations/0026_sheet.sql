-- Tables that clerks upload and that answer like a department's own system. A sheet names its files and tables by number; what no sheet
-- names is nothing, so that a new table is filled beside the one that answers and takes over in one move.

create table sheet (
  slug text primary key,
  id bigint not null,
  name text not null,
  department bigint not null,
  live integer not null,       -- number of the generation that answers, 0 for none
  last integer not null,
  generations text not null,   -- JSON: number, state, file, columns, counts, since when
  created bigint not null,     -- Unix ms
  rev bigint not null
);

create index sheet_department on sheet (department, name);

create table sheet_file (
  source bigint primary key,
  body bytea not null          -- sealed
);

create table sheet_row (
  tab bigint not null,
  key bytea not null,          -- keyed hash of the key columns
  line integer not null,
  body bytea not null,         -- sealed JSON of the columns that are kept
  primary key (tab, key, line) -- rows with one key lie side by side
);

create table sheet_refused (
  tab bigint not null,
  line integer not null,
  label text not null,         -- heading of the column, '' for the whole row
  reason text not null,        -- never what stood in the cell
  primary key (tab, line)
);
