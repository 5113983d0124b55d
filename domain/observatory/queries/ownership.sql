with owners as (
  select region_code, level, sector, department from account where department is not null
  union all select region_code, level, null, department from account where department is not null)
select r.region_code || '/' || r.level || '/' || coalesce(r.sector, 'all') as key, r.region_code as code, any_value(g.short) as name, any_value(g.en) as name_en, r.level, r.sector,
  r.departments, count(distinct o.department) as owning, percent(count(distinct o.department), r.departments) as share
from roster r join regions g on g.code = r.region_code
left join owners o on o.region_code = r.region_code and o.level = r.level and o.sector is not distinct from r.sector
group by r.region_code, r.level, r.sector, r.departments order by r.region_code, r.level, r.sector nulls first
