with serving as (
  select row_number() over w as rank, id, name, en, visits_serving as used, percent(sum(visits_serving) over w, sum(visits_serving) over ()) as running
  from field window w as (order by visits_serving desc, id rows unbounded preceding)
), sub as (
  select row_number() over w as rank, id, name, en, clicks_sub as used, percent(sum(clicks_sub) over w, sum(clicks_sub) over ()) as running
  from field window w as (order by clicks_sub desc, id rows unbounded preceding)
)
select rank, v.id as service_sector, v.name as service_name, v.en as service_name_en, v.used as service_visits, v.running as service_running,
  c.id as subscription_sector, c.name as subscription_name, c.en as subscription_name_en, c.used as subscription_clicks, c.running as subscription_running
from serving v join sub c using (rank) order by rank
