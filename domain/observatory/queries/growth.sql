with fresh as (select sector, count(*) as n from newcomer group by sector)
select f.id as sector, f.name, f.en as name_en, row_number() over (order by coalesce(w.n, 0) desc, f.id) as rank, coalesce(w.n, 0) as new, b.accounts as before, growth_of(f.accounts, b.accounts) as growth
from field f join field_before b on b.id = f.id left join fresh w on w.sector = f.id order by rank
