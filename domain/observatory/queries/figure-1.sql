select country, count(*) as accounts, count(distinct sector) as sectors, count(*) filter (sector = 'f09') as tourism, sum(active) as active
from account where abroad group by country order by accounts desc, country
