with units as (
  select 'prefecture-accounts' as what, accounts as v from prefecture union all select 'prefecture-active', active from prefecture
  union all select 'sector-accounts', accounts from field union all select 'account-active', active from account
), placed as (
  select what, v, row_number() over (partition by what order by v) as up, row_number() over (partition by what order by v desc) as down, count(*) over (partition by what) as n from units
), names(no, what, name, name_en) as (values
  (1, 'prefecture-accounts', '334 个地级的账号', 'accounts of the 334'), (2, 'prefecture-active', '334 个地级的活跃用户', 'active users of the 334'),
  (3, 'sector-accounts', '各领域的账号', 'accounts of the sectors'), (4, 'account-active', '每个账号的活跃用户', 'active users of each account'))
select m.what, m.name, m.name_en, count(p.v) as units, ratio(sum((2 * up - n - 1) * v), n * sum(v)) as gini, percent(sum(v) filter (down <= (n + 9) // 10), sum(v)) as top10,
  percent(sum(v) filter (down <= (n + 4) // 5), sum(v)) as top20, percent(max(v), sum(v)) as largest
from names m left join placed p using (what) group by m.no, m.what, m.name, m.name_en, p.n order by m.no
