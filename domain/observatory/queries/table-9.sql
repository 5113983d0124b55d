with stages(stage, name, name_en) as (values (1, '初级型', 'emerging'), (2, '加强型', 'enhanced'), (3, '互动型', 'interactive'), (4, '转型期', 'transactional'), (5, '连接型', 'connected')),
judged as (select case when visits > 0 then 4 when clicks > 0 then 3 when active > 0 then 2 else 1 end as stage, kind from account),
counted as (
  select s.stage, s.name, s.name_en, count(j.stage) as accounts, count(j.stage) filter (j.kind = 'service') as service
  from stages s left join judged j using (stage) group by all)
select stage, name, name_en, if(stage < 5, accounts, null) as accounts, if(stage < 5, percent(accounts, (select accounts from nation)), null) as share,
  if(stage < 5, service, null) as service, if(stage < 5, accounts - service, null) as subscription
from counted order by stage
