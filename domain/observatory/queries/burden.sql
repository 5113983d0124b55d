with sums as (
  select service, sum(opened)::bigint as opened, max(materials) as materials, max(departments) as departments from outcome group by service
), listed as (
  select k.no, k.id as service, k.name, k.en as name_en, s.opened, t.value as steps, l.value as loads, s.materials, s.departments
  from kinds k join sums s on s.service = k.id
  left join each t on t.scope = 'service' and t.what = 'steps' and t.code = k.id
  left join each l on l.scope = 'service' and l.what = 'loads' and l.code = k.id
  where s.opened <> 0 or t.value is not null)
-- Steps are compared as they are published, with ten digits.
select * exclude (no), if(steps is null, null, row_number() over (order by format('{:.9e}', steps)::double nulls last, coalesce(materials, 0), opened desc, no)) as rank
from listed order by no
