with stages(stage, name, name_en) as (values (1, '初级型', 'emerging'), (2, '加强型', 'enhanced'), (3, '互动型', 'interactive'), (4, '转型期', 'transactional'), (5, '连接型', 'connected')),
deeds as (
  select account_id as id, count(departments) as told, bool_or(coalesce(done, 0) > 0) as transacts,
    bool_or(coalesce(done, 0) > 0 and coalesce(departments, 0) >= 2 and 10 * coalesce(kept, 0) >= 9 * coalesce(promised, 0) and coalesce(rated, 0) > 0) as connects
  from outcome where account_id is not null group by account_id),
judged as (
  select case when d.connects then 5 when a.visits > 0 or d.transacts then 4 when a.clicks > 0 then 3 when a.active > 0 then 2 else 1 end as stage, a.kind
  from account a left join deeds d using (id)),
-- Without accounts and departments among outcomes nobody can be judged connected, which is not nobody connected.
counted as (
  select s.stage, s.name, s.name_en, s.stage < 5 or exists (from deeds where told > 0) as known, count(j.stage) as accounts, count(j.stage) filter (j.kind = 'service') as service
  from stages s left join judged j using (stage) group by all)
select stage, name, name_en, if(known, accounts, null) as accounts, if(known, percent(accounts, (select accounts from nation)), null) as share,
  if(known, service, null) as service, if(known, accounts - service, null) as subscription
from counted order by stage
