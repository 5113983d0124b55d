with recursive entered as (select row_number() over (order by rank) as no, * from prefecture where service),
free as (select * from prefecture where not service),
pair as (
  select 0::bigint as no, null::varchar as code, null::varchar as match, []::varchar[] as used
  union all
  select no, any_value(code), arg_min(other, (far, other)) as match, list_append(any_value(used), arg_min(other, (far, other))) from (
    select e.no, e.code, f.code as other, p.used, abs(f.accounts - e.accounts) + if(f.band <> e.band, e.accounts // 5, 0) as far
    from pair p join entered e on e.no = p.no + 1 join free f on not list_contains(p.used, f.code)
  ) group by no
)
select e.code, e.short as name, e.en as name_en, e.accounts, mean_of(e.active, e.accounts) as mean, m.code as match, m.short as match_name, m.accounts as match_accounts,
  mean_of(m.active, m.accounts) as match_mean, ratio(e.active, e.accounts) - ratio(m.active, m.accounts) as difference
from pair p join prefecture e on e.code = p.code join prefecture m on m.code = p.match order by p.no
