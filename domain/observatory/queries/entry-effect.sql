with rows as (
  select 1 as no, 'prefectures' as "group", '上线的地级行政区' as name, p.* from prefecture p where service
  union all select 2, 'others', '没有上线的地级行政区', p.* from prefecture p where not service
  union all select 3, 'all', '上线的全部城市', c.* from city c where service
), sums as (
  select no, "group", name, count(*) as cities, count(distinct province) as provinces, sum(accounts)::bigint as accounts, sum(active)::bigint as active, sum(clicks)::bigint as clicks from rows group by all)
select s."group", s.name, s.cities, s.provinces, s.accounts, ratio(s.accounts, s.cities) as mean_accounts, (select count(*) + 1 from prefecture p where p.accounts * s.cities > s.accounts) as mean_rank,
  if(s.no < 3, percent(s.accounts, a.accounts), null) as share_accounts, if(s.no < 3, percent(s.active, a.active), null) as share_active, percent(s.accounts, n.accounts) as share_all_accounts,
  mean_of(s.active, s.accounts) as mean, 100 * (mean_of(s.active, s.accounts) / mean_of(nullif(n.active, 0), n.accounts)) - 100 as active_lift,
  100 * (mean_of(s.active, s.accounts) / mean_of(nullif(a.active, 0), a.accounts)) - 100 as active_lift_prefectures, 100 * (mean_of(s.clicks, s.accounts) / mean_of(nullif(n.clicks, 0), n.accounts)) - 100 as click_lift
from sums s cross join nation n cross join prefecture_sum a order by s.no
