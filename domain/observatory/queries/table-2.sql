select code, short as name, en as name_en, accounts, active, mean_of(active, accounts) as mean, mean_rank, active_rank
from province where city order by rank
