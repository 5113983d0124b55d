with sums as (
  select service, count(*) as cities, sum(opened)::bigint as opened, sum(people)::bigint as people, sum(paid)::bigint as paid from outcome group by service)
select d.service, d.name, d.name_en, s.cities, s.opened, s.people, d.base as over, d.share, d.low, d.high, d.small,
  r.share as refused, c.share as cancelled, s.paid, f.value / 100 as yuan, d.rank
from shares_of_services('done') d join sums s using (service) join kinds k on k.id = d.service
left join quotas r on r.scope = 'service' and r.what = 'refused' and r.code = d.service
left join quotas c on c.scope = 'service' and c.what = 'cancelled' and c.code = d.service
left join each f on f.scope = 'service' and f.what = 'fen' and f.code = d.service order by k.no
