with levels(no, level, name) as (values (1, 'nation', '国家'), (2, 'province', '省'), (3, 'prefecture', '地'), (4, 'county', '县'), (5, 'township', '乡')),
counted as (
  select l.no, l.level, l.name, count(*) filter (s.edition = 'now') as accounts, count(*) filter (s.edition = 'before') as before,
    count(*) filter (s.edition = 'now' and s.sector not in ('f02', 'f09', 'f14')) as constant, count(*) filter (s.edition = 'before' and s.sector not in ('f02', 'f09', 'f14')) as constant_before
  from levels l left join seats s using (level) group by all)
select level, name, accounts, if(compared(), before, null) as before, if(compared(), growth_of(accounts, before), null) as growth,
  constant, if(compared(), constant_before, null) as constant_before, if(compared(), growth_of(constant, constant_before), null) as constant_growth
from counted order by no
