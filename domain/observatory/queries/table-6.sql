select p.code, p.short as name, p.en as name_en, p.rank27 as rank, g.rank as gdp_rank, g.rank - p.rank27 as lead, coalesce(g.rank <= 10, false) as both
from province p left join rank_by('gdp_per_head') g using (code) where p.rank27 <= 10 order by p.rank27
