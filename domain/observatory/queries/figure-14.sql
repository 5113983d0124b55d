with classes(no, class, name_en) as (values (1, '超大城市', 'super-large'), (2, '特大城市', 'mega'), (3, '大城市', 'large'), (4, '中等城市', 'medium'), (5, '小城市', 'small'))
select k.class, k.name_en, count(c.code) as cities, coalesce(sum(c.accounts), 0) as accounts, mean_of(sum(c.accounts), count(c.code)) as mean_accounts,
  coalesce(sum(c.active), 0) as active, mean_of(sum(c.active), count(c.code)) as mean_active, mean_of(sum(c.active), sum(c.accounts)) as mean,
  percent(coalesce(sum(c.accounts), 0), (select accounts from nation)) as share_accounts
from classes k left join city c on c.class = k.class group by all order by any_value(k.no)
