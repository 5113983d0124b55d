with cities as (
  select c.code, c.name, c.en as name_en, o.whole as over
  from city c semi join outcome t on t.region_code = c.code left join pairs o on o.scope = 'city' and o.what = 'done' and o.code = c.code
), place as (select code, what, share, rank from ranked(30) where scope = 'city')
select c.code, c.name, c.name_en, c.over, d.share as done, d.rank as done_rank, k.share as kept, k.rank as kept_rank, r.share as content, r.rank as content_rank,
  a.share as answered, a.rank as answered_rank, u.share as unmet, u.rank as unmet_rank, x.share as accessible, x.rank as accessible_rank
from cities c
left join place d on d.code = c.code and d.what = 'done' left join place k on k.code = c.code and k.what = 'kept'
left join place r on r.code = c.code and r.what = 'content' left join place a on a.code = c.code and a.what = 'answered'
left join place u on u.code = c.code and u.what = 'unmet' left join place x on x.code = c.code and x.what = 'accessible'
order by c.code
