select p.code, p.short as name, p.en as name_en, v.value as index, i.rank as index_rank, p.active, mean_of(p.active, p.accounts) as mean
from province p join rank_by('internet_plus_index') i using (code) left join indicator_of('internet_plus_index') v using (code) order by p.code
