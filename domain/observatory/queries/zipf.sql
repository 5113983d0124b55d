-- checked: share_exponent
-- The published exponent is put into the law: when the first ten then have the share they have, to a billionth, it is given back.
with used as (
  select 1 as no, 'service' as kind, '服务号访问' as name, visits_serving as v from field where visits_serving > 0
  union all select 2, 'subscription', '订阅号点击', clicks_sub from field where clicks_sub > 0
), placed as (select *, row_number() over (partition by no order by v desc) as place, count(*) over (partition by no) as n from used),
fitted as (
  select no, kind, name, any_value(n) as kinds, percent(sum(v) filter (place <= 10), sum(v)) as top10, percent(least(10, any_value(n)), any_value(n)) as top10_kinds,
    if(any_value(n) < 3, 0, -regr_slope(ln(v), ln(place))) as exponent, if(any_value(n) < 3, 0, regr_r2(ln(v), ln(place))) as r2
  from placed group by all
), law as (
  select e.kind, any_value(e.share_exponent) as share_exponent, 100 * sum(p.place ** -e.share_exponent) filter (p.place <= 10) / sum(p.place ** -e.share_exponent) as top10
  from 'exhibits/zipf.parquet' e join placed p using (kind) where e.share_exponent is not null group by e.kind)
select f.kind, f.name, f.kinds, f.top10, f.top10_kinds, f.exponent, f.r2, if(abs(l.top10 - f.top10) <= 1e-9 * f.top10, l.share_exponent, null) as share_exponent
from fitted f left join law l using (kind) order by f.no
