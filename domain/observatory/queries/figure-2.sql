select code, short as name, en as name_en, accounts, rank, percent(accounts, (select accounts from nation)) as share, coalesce(rank27 <= 10, false) as first_ten
from province order by rank
