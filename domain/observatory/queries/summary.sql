with fresh as (
  select count(*) as n, count(w.province) as placed, count(*) filter (p.band in ('central', 'west')) as midwest, count(*) filter (p.code = '500000') as chongqing
  from newcomer w left join province p on p.code = w.province
), outside as (
  select count(*) as n, count(*) filter (not abroad and level = 'nation') as national, count(*) filter (abroad) as overseas,
    count(*) filter (not abroad and level <> 'nation' and region_code is null) as unplaced,
    count(*) filter (exists (from above x where x.code = region_code and x.higher = '810000')) as hong_kong, count(*) filter (exists (from above x where x.code = region_code and x.higher = '820000')) as macau
  from account where province is null
), reach as (
  select coalesce(any_value(value) filter (code = '000000'), sum(value), 0) as people from indicator_of('covered_users')
), lines as (
  select unnest([
    {no: 1, statistic: 'accounts', name: '账号总数', name_en: 'accounts', value: n.accounts::double, unit: 'accounts'},
    {no: 2, statistic: 'verified_share', name: '认证占比', name_en: 'share verified', value: percent(n.verified, n.accounts), unit: '%'},
    {no: 3, statistic: 'service_share', name: '服务号占比', name_en: 'share of service accounts', value: percent(n.serving, n.accounts), unit: '%'},
    {no: 4, statistic: 'sectors', name: '领域数', name_en: 'sectors with accounts', value: (select count(*) from field where accounts > 0)::double, unit: 'sectors'},
    {no: 5, statistic: 'active', name: '活跃用户', name_en: 'active users', value: n.active::double, unit: 'users'},
    {no: 6, statistic: 'mean', name: '号均活跃用户', name_en: 'active users per account', value: mean_of(n.active, n.accounts), unit: 'users/account'},
    {no: 7, statistic: 'clicks', name: '点击', name_en: 'clicks', value: n.clicks::double, unit: 'clicks'},
    {no: 8, statistic: 'visits', name: '服务访问', name_en: 'visits to services', value: n.visits::double, unit: 'visits'},
    {no: 9, statistic: 'county_share', name: '县级占比', name_en: 'share of county level', value: percent(n.l_county, n.accounts), unit: '%'},
    {no: 10, statistic: 'outside_provinces', name: '不在 31 个省的账号', name_en: 'accounts in none of the 31 provinces', value: o.n::double, unit: 'accounts'},
    {no: 11, statistic: 'national', name: '国家级账号', name_en: 'national accounts without a province', value: o.national::double, unit: 'accounts'},
    {no: 12, statistic: 'hong_kong', name: '香港账号', name_en: 'accounts in Hong Kong', value: o.hong_kong::double, unit: 'accounts'},
    {no: 13, statistic: 'macau', name: '澳门账号', name_en: 'accounts in Macau', value: o.macau::double, unit: 'accounts'},
    {no: 14, statistic: 'overseas', name: '境外账号', name_en: 'accounts abroad', value: o.overseas::double, unit: 'accounts'},
    {no: 15, statistic: 'unplaced', name: '没有地区的账号', name_en: 'Chinese accounts without a place', value: o.unplaced::double, unit: 'accounts'},
    {no: 16, statistic: 'prefectures', name: '有账号的地级行政区', name_en: 'prefecture-level divisions with accounts', value: (select count(*) from prefecture where accounts > 0)::double, unit: 'divisions'},
    {no: 17, statistic: 'prefecture_accounts', name: '334 个地级的账号合计', name_en: 'accounts of the 334', value: (select accounts from prefecture_sum)::double, unit: 'accounts'},
    {no: 18, statistic: 'midwest_provinces', name: '中西部省份', name_en: 'provinces of the centre and west', value: (select count(*) from province where band <> 'east')::double, unit: 'provinces'},
    {no: 19, statistic: 'city_services', name: '上线城市服务的城市', name_en: 'cities with a city entry', value: (select cities from entries)::double, unit: 'cities'},
    {no: 20, statistic: 'covered_users', name: '城市服务覆盖用户', name_en: 'people whom a city entry could reach', value: r.people, unit: 'people'},
    {no: 21, statistic: 'accounts_before', name: '上版账号', name_en: 'accounts of the edition before', value: b.accounts::double, unit: 'accounts'},
    {no: 22, statistic: 'growth', name: '增长', name_en: 'growth', value: growth_of(n.accounts, b.accounts), unit: '%'},
    {no: 23, statistic: 'new', name: '新增账号', name_en: 'accounts the edition before does not have', value: f.n::double, unit: 'accounts'},
    {no: 24, statistic: 'gone', name: '消失的账号', name_en: 'accounts that are gone', value: (b.accounts + f.n - n.accounts)::double, unit: 'accounts'},
    {no: 25, statistic: 'midwest_new_share', name: '中西部占新增', name_en: 'share of the centre and west in new accounts of the 31', value: percent(f.midwest, f.placed), unit: '%'},
    {no: 26, statistic: 'midwest_new_share_without_chongqing', name: '不含重庆', name_en: 'the same without Chongqing', value: percent(f.midwest - f.chongqing, f.placed), unit: '%'}
  ], recursive := true)
  from nation n cross join outside o cross join fresh f cross join reach r left join nation_before b on true
)
select statistic, name, name_en, value, unit from lines where no <= 20 or compared() order by no
