select p.code, p.short as name, p.en as name_en, p.mean_rank, i.rank as index_rank, i.rank - p.mean_rank as diff,
  case when i.rank - p.mean_rank > 3 then 'lead' when i.rank - p.mean_rank < -3 then 'lag' else 'close' end as relation
from province p join rank_by('internet_plus_index') i using (code) order by p.mean_rank
