select p.code, p.short as name, p.en as name_en, p.accounts, b.accounts as before, growth_of(p.accounts, b.accounts) as growth
from province p left join province_before b using (code) where p.rank27 > (select count(*) - 10 from province where not city) order by p.rank27
