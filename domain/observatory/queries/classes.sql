with classes(no, class, name) as (values (1, 'comprehensive', '综合'), (2, 'functional', '职能'), (3, 'livelihood', '民生'))
select c.class, c.name, count(f.id) as sectors, sum(f.accounts) as accounts, percent(sum(f.accounts), (select accounts from nation)) as share, sum(f.active) as active, mean_of(sum(f.active), sum(f.accounts)) as mean
from classes c left join field f using (class) group by all order by any_value(c.no)
