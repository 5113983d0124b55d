with cut as (select edition, avg(accounts) as accounts, avg(active) as active from fields group by edition),
placed as (
  select f.edition, f.id, case when f.accounts > c.accounts and f.active > c.active then '活跃区域' when f.active > c.active then '潜力区域' when f.accounts > c.accounts then '待推广区域' else '待开发区域' end as quadrant
  from fields f join cut c using (edition))
select f.id as sector, f.name, f.en as name_en, f.accounts, f.rank, f.active, mean_of(f.active, f.accounts) as mean, n.quadrant,
  case n.quadrant when '活跃区域' then 'active' when '潜力区域' then 'potential' when '待推广区域' then 'to promote' else 'undeveloped' end as quadrant_en,
  if(compared(), b.quadrant, null) as quadrant_before, if(compared(), n.quadrant <> b.quadrant, null) as moved
from field f join placed n on n.id = f.id and n.edition = 'now' join placed b on b.id = f.id and b.edition = 'before' order by f.rank
