with fresh as (select sector, count(*) as n from newcomer group by sector),
ended as (select last_day((max(month) || '-01')::date) as day from 'facts/months.parquet'),
ages as (select sector, sum(day - opened) * 4800::double / (count(*) * 146097) as months from account cross join ended where opened is not null group by sector)
select f.id as sector, f.name, f.en as name_en, f.class, f.accounts, f.rank, percent(f.accounts, n.accounts) as share, percent(f.verified, f.accounts) as verified_share,
  percent(f.serving, f.accounts) as service_share, f.active, f.active_rank, mean_of(f.active, f.accounts) as mean, f.mean_rank, f.clicks, f.visits,
  if(compared(), coalesce(w.n, 0), null) as new, g.months as mean_age
from field f cross join nation n left join fresh w on w.sector = f.id left join ages g on g.sector = f.id order by f.id
