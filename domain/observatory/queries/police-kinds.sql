with police as (select coalesce(institution, 'unknown') as institution, kind, active from account where sector = 'f01')
select institution, count(*) as accounts, part_of(count(*), sum(count(*)) over ()) as share, count(*) filter (kind = 'service') as service,
  part_of(count(*) filter (kind = 'service'), count(*)) as service_share, sum(active) as active
from police group by institution order by accounts desc, institution
