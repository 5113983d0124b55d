-- checked: lloyd, lloyd_scaled
-- The published groups are a resting point of Lloyd's steps: every province stands nearest to the mean of its own group, so that
-- assigning it anew gives the group it has.
with published as (select p.code, p.accounts::double as x, ratio(p.active, p.accounts) as y, e.lloyd, e.lloyd_scaled from province p join 'exhibits/figure-4.parquet' e using (code)),
scaled as (select code, (x - avg(x) over ()) / stddev_pop(x) over () as x, (y - avg(y) over ()) / stddev_pop(y) over () as y, lloyd_scaled as g from published),
raw as (select code, x, y, lloyd as g from published),
nearest_raw as (
  select p.code, arg_min(c.g, (p.x - c.x) ** 2 + (p.y - c.y) ** 2) as g from raw p cross join (select g, avg(x) as x, avg(y) as y from raw group by g) c group by p.code),
nearest_scaled as (
  select p.code, arg_min(c.g, (p.x - c.x) ** 2 + (p.y - c.y) ** 2) as g from scaled p cross join (select g, avg(x) as x, avg(y) as y from scaled group by g) c group by p.code)
select p.code, p.short as name, p.en as name_en, p.accounts, mean_of(p.active, p.accounts) as mean, t.tier, r.g as lloyd, z.g as lloyd_scaled
from province p join tiers_of('province', 3) t using (accounts) join nearest_raw r using (code) join nearest_scaled z using (code) order by p.rank
