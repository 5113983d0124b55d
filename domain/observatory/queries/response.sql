with bounds as (
  select row_number() over () as i, bound, coalesce(lag(bound) over (), 0) as over
  from (select unnest(flatten([[10 ** k, 2 * 10 ** k, 5 * 10 ** k] for k in range(9)]))::bigint as bound) where bound <= 100000000
), parts as (
  select service, unnest(string_split(took, ' ')) as part from outcome where took is not null
), counted as (
  select p.service, b.bound, b.over, sum(split_part(p.part, ':', 2)::bigint)::bigint as n
  from parts p join bounds b on b.bound = split_part(p.part, ':', 1)::bigint group by all
), running as (
  select *, sum(n) over (partition by service order by bound) as upto, sum(n) over (partition by service) as ended from counted
), placed as (
  select service, any_value(ended)::bigint as ended,
    min(over) filter (100 * upto >= 50 * ended) as median_over, min(bound) filter (100 * upto >= 50 * ended) as median_within,
    min(over) filter (100 * upto >= 90 * ended) as p90_over, min(bound) filter (100 * upto >= 90 * ended) as p90_within
  from running group by service)
select k.id as service, k.name, k.en as name_en, p.* exclude (service), rank() over (order by median_within, p90_within) as rank
from placed p join kinds k on k.id = p.service order by k.no
