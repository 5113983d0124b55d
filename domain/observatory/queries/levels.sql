with lines as (
  select 0 as no, null as place, 'nation' as scope, '全国' as name, 'the nation' as name_en, accounts, l_nation, l_province, l_prefecture, l_county, l_township from nation
  union all select 1, code, code, short, en, accounts, l_nation, l_province, l_prefecture, l_county, l_township from province
  union all select 2, lpad(rank::varchar, 3, '0'), code, short, en, accounts, l_nation, l_province, l_prefecture, l_county, l_township from prefecture where rank <= 10)
select scope, name, name_en, accounts, l_nation as nation, l_province as province, l_prefecture as prefecture, l_county as county, l_township as township,
  percent(l_county, accounts) as county_share, percent(l_township, accounts) as township_share
from lines order by no, place
