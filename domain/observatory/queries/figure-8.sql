select code, short as name, en as name_en, rank, accounts, percent(sum(accounts) over (order by rank), (select accounts from prefecture_sum)) as running, accounts > 500 as over_500
from prefecture order by rank
