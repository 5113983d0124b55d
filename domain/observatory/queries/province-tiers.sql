-- checked: lloyd, lloyd_centre, lloyd_mean, lloyd_scaled
-- Lloyd's groups are those of the exhibit figure-4, whose query shows that they are a resting point; here they are counted again.
with published as (select p.accounts, ratio(p.active, p.accounts) as mean, e.lloyd, e.lloyd_scaled from province p join 'exhibits/figure-4.parquet' e using (code)),
tiers as (select t.tier, count(*) as divisions, sum(p.accounts) as accounts from province p join tiers_of('province', 3) t using (accounts) group by t.tier),
raw as (select lloyd as tier, count(*) as lloyd, avg(accounts) as lloyd_centre, avg(mean) as lloyd_mean from published group by 1),
scaled as (select lloyd_scaled as tier, count(*) as lloyd_scaled from published group by 1)
select tier, t.divisions, t.accounts::double / t.divisions as centre, percent(t.accounts, sum(t.accounts) over ()) as share_accounts, r.lloyd, r.lloyd_centre, r.lloyd_mean, z.lloyd_scaled
from tiers t left join raw r using (tier) left join scaled z using (tier) order by tier
