with nationals as (
  select count(*) as accounts, count(*) filter (kind <> 'service') as subs, coalesce(sum(active), 0) as active, coalesce(sum(active) filter (kind <> 'service'), 0) as subscribed
  from account where level = 'nation'
), lines as (
  select 0 as no, 'nation' as scope, '国家级' as name, 'national level' as name_en, accounts, subs, active, subscribed from nationals
  union all select row_number() over (order by code), code, short, en, accounts, accounts - serving, active, subscribed from province)
select l.scope, l.name, l.name_en, l.accounts, l.subs as subscription, percent(l.subs, l.accounts) as subscription_share, ratio(l.subscribed, l.subs) as subscription_mean,
  ratio(l.active, l.accounts) as mean, if(l.active > 0, ratio(n.subscribed, n.subs) / ratio(l.active, l.accounts), null) as multiple, row_number() over (order by ratio(l.active, l.accounts) desc, l.no) as rank
from lines l cross join nationals n order by rank
