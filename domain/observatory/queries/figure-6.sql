select p.code, p.short as name, p.en as name_en, count(*) filter (c.service) as cities, count(*) as "all", percent(count(*) filter (c.service), count(*)) as share, bool_and(c.service) as "full"
from province p join city c on c.province = p.code group by p.code, p.short, p.en having cities > 0 order by p.code
