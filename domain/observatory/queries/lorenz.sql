with units as (
  select 'account_active' as what, active as v from account union all select 'prefecture_accounts', accounts from prefecture union all select 'prefecture_active', active from prefecture
), running as (
  select what, row_number() over w as place, sum(v) over w as down, count(*) over (partition by what) as n, sum(v) over (partition by what) as total
  from units window w as (partition by what order by v desc rows unbounded preceding)
), parts as (select unnest(range(0, 105, 5)) as part),
points as (
  select p.part, r.what, case when p.part = 0 then 0 when p.part = 100 then 100 else 100 - percent(r.down, r.total) end as share
  from parts p join running r on r.place = greatest(r.n - r.n * p.part // 100, 1))
select part, max(share) filter (what = 'account_active') as account_active, max(share) filter (what = 'prefecture_accounts') as prefecture_accounts,
  max(share) filter (what = 'prefecture_active') as prefecture_active, part::double as even
from points group by part order by part
