-- Photos and documents that residents uploaded. Bytes are read one file at a time; what was found of a file goes into its case's answers.
create table cases_file (
  id text primary key,         -- public, 80 random bits
  no text not null,            -- of the case
  step text not null,
  answer text not null,
  kind text not null,          -- jpeg, png, webp or pdf, by its content
  size bigint not null,        -- bytes
  sha256 text not null,        -- of the bytes, hexadecimal
  created bigint not null,
  kept bigint not null,        -- when the house looks next whether the file goes
  name bytea not null,         -- sealed
  body bytea not null          -- sealed; the last column, so that a list does not read it
);

create index cases_file_no on cases_file (no, created);
