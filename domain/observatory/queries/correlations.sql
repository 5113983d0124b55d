with pairs as (
  select 1 as no, 'prefecture-accounts-mean' as pair, '地级：账号数和号均活跃' as name, 'prefectures: accounts and users per account' as name_en, rank as x, mean_rank as y from prefecture
  union all select 2, 'prefecture-accounts-active', '地级：账号数和活跃总数', 'prefectures: accounts and all active users', rank, active_rank from prefecture
  union all select 3, 'province-accounts-mean', '省级：账号数和号均活跃', 'provinces: accounts and users per account', rank, mean_rank from province
  union all select 4, 'province-index-mean', '省级：互联网指数和号均活跃', 'provinces: Internet-plus index and users per account', i.rank, p.mean_rank from province p join rank_by('internet_plus_index') i using (code)
  union all select 5, 'province-gdp-accounts', '省级：人均 GDP 和账号数', 'provinces: GDP per head and accounts', g.rank, p.rank from province p join rank_by('gdp_per_head') g using (code)
), mid as (
  select *, rank() over (partition by no order by x) + (count(*) over (partition by no, x) - 1) / 2 as rx, rank() over (partition by no order by y) + (count(*) over (partition by no, y) - 1) / 2 as ry from pairs
), found as (select no, pair, name, name_en, count(*) as n, corr(rx, ry) as r from mid group by all having count(*) > 3)
select pair, name, name_en, n as places, r as rho, if(abs(r) >= 1, r, tanh(atanh(r) - 1.959963984540054 * sqrt((1 + r * r / 2) / (n - 3)))) as low,
  if(abs(r) >= 1, r, tanh(atanh(r) + 1.959963984540054 * sqrt((1 + r * r / 2) / (n - 3)))) as high
from found order by no
