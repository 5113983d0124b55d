with used as (select *, sum(visits) over () as total, count(*) over () as groups from group_use where items > 0)
select id as "group", name, en as name_en, row_number() over (order by visits desc, no) as rank, visits,
  case when total > 0 then (visits * groups)::double / total end as score, coalesce(visits * groups > total, false) as above
from used order by rank
