-- checked: lloyd, lloyd_centre
-- The published centres of Lloyd's steps are a resting point: each is the mean of the prefectures nearest to it.
with published as (select tier::bigint as tier, lloyd, lloyd_centre as centre from 'exhibits/figure-9.parquet' where lloyd is not null),
nearest as (select p.code, any_value(p.accounts) as accounts, arg_min(c.tier, (abs(p.accounts - c.centre), c.tier)) as tier from prefecture p cross join published c group by p.code),
again as (select tier, count(*) as lloyd, avg(accounts) as lloyd_centre from nearest group by tier),
tiers as (select t.tier, count(*) as divisions, sum(p.accounts) as accounts, sum(p.active) as active from prefecture p join tiers_of('prefecture', 5) t using (accounts) group by t.tier)
select tier, t.divisions, t.accounts::double / t.divisions as centre, t.accounts, t.active, percent(t.divisions, a.divisions) as share_divisions, percent(t.accounts, a.accounts) as share_accounts,
  percent(t.active, a.active) as share_active, g.lloyd, g.lloyd_centre
from tiers t left join again g using (tier) cross join prefecture_sum a order by tier
