-- Which resident proved last that a vehicle is theirs, by keyed index: plates themselves are sealed with the resident.

create table resident_plate (
  plate_blind bytea primary key,
  resident bigint not null
);
