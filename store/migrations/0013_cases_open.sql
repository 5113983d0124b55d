-- Which versions of which services running cases stand on, so that a start can tell that none is missing.

create index cases_open on cases (city, service, version) where ended = 0;
