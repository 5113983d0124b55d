select p.code, p.short as name, p.en as name_en, p.accounts, p.rank27 as rank, b.rank27 as rank_before, b.rank27 - p.rank27 as rank_change,
  p.active_rank27 as active_rank, p.rank27 - p.active_rank27 as active_diff
from province p left join province_before b using (code) where p.rank27 <= 10 order by p.rank27
