select f.id as sector, f.name, f.en as name_en, f.accounts, count(distinct a.province) filter (a.level = 'province') as provinces_own, count(distinct a.province) as provinces_any,
  count(distinct a.city) filter (a.city <> a.province and a.level = 'prefecture') as prefectures_own, percent(prefectures_own, (select divisions from prefecture_sum)) as prefectures_own_share,
  count(distinct a.city) filter (a.city <> a.province) as prefectures_any, part_of(f.l_county + f.l_township, f.accounts) as county_township_share,
  part_of(f.accounts - f.serving, f.accounts) as subscription_share, count(distinct a.country) filter (a.abroad) as countries
from field f left join account a on a.sector = f.id group by f.id, f.name, f.en, f.accounts, f.l_county, f.l_township, f.serving order by f.id
