with levels(no, level, name) as (values (1, 'nation', '国家'), (2, 'province', '省'), (3, 'prefecture', '地'), (4, 'county', '县'), (5, 'township', '乡')),
scopes as (
  select 0 as no, 'nation' as scope, '全国' as name, 'the nation' as name_en, id from account
  union all select l.no, 'level-' || l.level, l.name || '级', 'level: ' || l.level, a.id from levels l left join account a using (level)
  union all select 9, f.id, f.name, f.en, a.id from field f left join account a on a.sector = f.id)
select s.scope, s.name, s.name_en, count(a.id) as accounts, part_of(count(*) filter (a.verified), count(a.id)) as verified_share, part_of(count(*) filter (a.active > 0), count(a.id)) as active_share,
  part_of(count(*) filter (a.clicks > 0), count(a.id)) as clicked_share, part_of(count(*) filter (a.visits > 0 and a.kind = 'service'), count(*) filter (a.kind = 'service')) as served_share,
  count(*) filter (a.active = 0) as silent, count(*) filter (a.visits > 0 and a.kind <> 'service') as turning
from scopes s left join account a using (id) group by s.no, s.scope, s.name, s.name_en order by s.no, s.scope
