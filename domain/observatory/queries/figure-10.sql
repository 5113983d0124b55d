select f.id as sector, f.name, f.en as name_en, f.accounts, f.rank, percent(f.accounts, n.accounts) as share,
  percent(sum(f.accounts) over (order by f.rank), n.accounts) as running, b.rank as rank_before
from field f cross join nation n left join field_before b on b.id = f.id where f.rank <= 10 order by f.rank
