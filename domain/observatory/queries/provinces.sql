select p.code, p.short as name, p.en as name_en, p.band, p.accounts, p.rank, p.rank27, b.rank27 as rank27_before, b.accounts as before, growth_of(p.accounts, b.accounts) as growth,
  p.active, p.active_rank, p.active_rank27, mean_of(p.active, p.accounts) as mean, p.mean_rank, percent(p.verified, p.accounts) as verified_share, percent(p.serving, p.accounts) as service_share,
  percent(p.l_county + p.l_township, p.accounts) as county_township_share, t.tier, i.rank as index_rank, g.rank as gdp_rank, if(r.value > 0, r.value, null) as population,
  if(r.value > 0, 100 * p.active / r.value, null) as active_per_residents, p.medical, p.police, p.police_active_rank
from province p left join province_before b using (code) join tiers_of('province', 3) t on t.accounts = p.accounts
left join rank_by('internet_plus_index') i using (code) left join rank_by('gdp_per_head') g using (code) left join indicator_of('population') r using (code) order by p.rank
