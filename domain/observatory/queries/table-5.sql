with classes(no, institution, name, name_en, holds) as (values
  (1, 'graded', '等级医院', 'graded hospitals (levels 1 to 3)', ['三甲医院', '等级医院']), (2, 'grade3a', '其中三甲医院', 'of these grade 3A', ['三甲医院']),
  (3, 'other', '其他医疗机构', 'other medical institutions', ['其他医疗']), (4, 'primary', '基层医疗卫生机构', 'primary-level institutions', ['基层医疗']),
  (5, 'public', '公共卫生机构', 'public-health bodies', ['公共卫生']), (6, 'unknown', '未登记类别', 'class not registered', ['']))
select c.institution, c.name, c.name_en, count(a.id) as accounts, count(a.id) filter (a.kind = 'service') as service,
  percent(count(a.id) filter (a.kind = 'service'), count(a.id)) as service_share
from classes c left join account a on a.sector = 'f02' and list_contains(c.holds, coalesce(a.institution, '')) group by all order by any_value(c.no)
