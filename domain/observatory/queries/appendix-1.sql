select p.code, p.short as name, p.en as name_en, v.short as province, p.accounts, p.rank, p.active, mean_of(p.active, p.accounts) as mean, p.mean_rank as active_rank, p.active_rank as total_rank,
  percent(p.accounts, a.accounts) as share_accounts, percent(p.active, a.active) as share_active, percent(p.serving, p.accounts) as service_share, t.tier, p.class, p.service as city_service
from prefecture p join regions v on v.code = p.province cross join prefecture_sum a join tiers_of('prefecture', 5) t on t.accounts = p.accounts order by p.rank
