select code, short as name, en as name_en, accounts, rank, mean_rank as active_rank, rank - mean_rank as active_diff, percent(serving, accounts) as service_share, deputy
from prefecture where rank <= 10 order by rank
