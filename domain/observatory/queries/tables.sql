-- Tables that every query reads, made from the Parquet files of the folder DuckDB was started in.
-- The edition's facts are called now, those of the edition it is compared with before.

create macro percent(part, whole) as case when whole = 0 then 0 else 100::double * part / whole end;
create macro part_of(part, whole) as case when whole <> 0 then 100::double * part / whole end;
create macro ratio(sum, n) as case when n = 0 then 0 else sum::double / n end;
create macro mean_of(sum, n) as case when n <> 0 then sum::double / n end;
create macro growth_of(now, before) as case when before <> 0 then 100::double * (now - before) / before end;

create view regions as from 'catalogue/regions.parquet';
create view sectors as from 'catalogue/sectors.parquet';
create view kinds as from 'catalogue/kinds.parquet';
create view groups as from 'catalogue/groups.parquet';
create view indicators as from 'facts/indicators.parquet';
create view roster as from 'facts/roster.parquet';
create view services as from 'facts/services.parquet';

-- Every division with itself and all above it, and with the province and the city it lies in.
create table above as
  select code, code as higher from regions
  union select code, parent from regions where parent is not null
  union select r.code, p.parent from regions r join regions p on p.code = r.parent where p.parent is not null;
create table standing as
  select a.code, max(r.code) filter (r.level = 'province' and r.band is not null) as province, max(r.code) filter (r.city and r.band is not null) as city
  from above a join regions r on r.code = a.higher group by a.code;

create view editions as select unnest(['now', 'before']) as edition;
create table comparison as select count(*) > 0 as yes from 'before/accounts.parquet';
create macro compared() as (select yes from comparison);

-- Every account where it is counted, with its use in the edition's latest month.
create table seats as
  with accounts as (
    select 'now' as edition, * from 'facts/accounts.parquet' union all by name select 'before' as edition, * from 'before/accounts.parquet'
  ), months as (
    select 'now' as edition, * from 'facts/months.parquet' union all by name select 'before' as edition, * from 'before/months.parquet'
  ), latest as (
    select edition, max(month) as month from months group by edition
  ), used as (
    select edition, account_id, active_users, clicks, service_visits from months semi join latest using (edition, month)
  )
  select a.edition, a.id, a.name, a.region_code, a.country, a.level, a.sector, a.institution, a.kind, a.verified, a.opened, a.department,
    s.province, s.city, a.country not in ('CN', 'HK', 'MO', 'TW') as abroad,
    coalesce(u.active_users, 0) as active, case when u.account_id is null then 0 else u.clicks end as clicks, case when u.account_id is null then 0 else u.service_visits end as visits
  from accounts a
  left join standing s on s.code = a.region_code
  left join used u on u.edition = a.edition and u.account_id = a.id;

-- What is counted about any set of accounts.
create macro accounts_in(scope) as table
  with placed as (select *, case scope when 'nation' then '000000' when 'province' then province when 'city' then city when 'sector' then sector end as place from seats)
  select edition, place as code,
    count(*) as accounts, count(*) filter (verified) as verified, count(*) filter (kind = 'service') as serving,
    sum(active)::bigint as active, sum(clicks)::bigint as clicks, sum(visits)::bigint as visits,
    coalesce(sum(active) filter (kind <> 'service'), 0)::bigint as subscribed,
    coalesce(sum(active) filter (kind = 'service'), 0)::bigint as active_serving,
    coalesce(sum(clicks) filter (kind <> 'service'), 0)::bigint as clicks_sub,
    coalesce(sum(visits) filter (kind = 'service'), 0)::bigint as visits_serving,
    coalesce(sum(active) filter (sector = 'f01'), 0)::bigint as police_active,
    count(*) filter (sector = 'f01') as police, count(*) filter (sector = 'f02') as medical,
    count(*) filter (level = 'nation') as l_nation, count(*) filter (level = 'province') as l_province, count(*) filter (level = 'prefecture') as l_prefecture,
    count(*) filter (level = 'county') as l_county, count(*) filter (level = 'township') as l_township
  from placed where place is not null group by edition, place;

create table nations as from accounts_in('nation');
create view nation as from nations where edition = 'now';
create view nation_before as from nations where edition = 'before';

-- Provinces and prefecture-level divisions with their figures and ranks: equals by accounts, more first, then by code.
create table areas as
  with places as (
    select 'now' as edition, * from 'facts/places.parquet' union all by name select 'before' as edition, * from 'before/places.parquet'
  ), tallies as (
    from accounts_in('province') union all from accounts_in('city') where code not like '%0000'
  ), filled as (
    select e.edition, r.*, s.province, p.city_class as class, coalesce(p.city_service, false) as service,
      columns(t.* exclude (edition, code))
    from regions r cross join editions e join standing s on s.code = r.code
    left join places p on p.edition = e.edition and p.region_code = r.code
    left join tallies t on t.edition = e.edition and t.code = r.code
    where r.band is not null and r.level in ('province', 'prefecture')
  ), counted as (
    select * replace (coalesce(accounts, 0) as accounts, coalesce(verified, 0) as verified, coalesce(serving, 0) as serving, coalesce(active, 0) as active,
      coalesce(clicks, 0) as clicks, coalesce(visits, 0) as visits, coalesce(subscribed, 0) as subscribed, coalesce(police_active, 0) as police_active,
      coalesce(police, 0) as police, coalesce(medical, 0) as medical, coalesce(l_nation, 0) as l_nation, coalesce(l_province, 0) as l_province,
      coalesce(l_prefecture, 0) as l_prefecture, coalesce(l_county, 0) as l_county, coalesce(l_township, 0) as l_township)
    from filled
  )
  select *,
    row_number() over (partition by edition, level order by accounts desc, code) as rank,
    row_number() over (partition by edition, level order by active desc, accounts desc, code) as active_rank,
    row_number() over (partition by edition, level order by accounts = 0, ratio(active, accounts) desc, accounts desc, code) as mean_rank,
    case when level = 'province' and not city then row_number() over (partition by edition, level, city order by accounts desc, code) end as rank27,
    case when level = 'province' and not city then row_number() over (partition by edition, level, city order by active desc, accounts desc, code) end as active_rank27,
    row_number() over (partition by edition, level order by police_active desc, accounts desc, code) as police_active_rank
  from counted;
create view province as from areas where edition = 'now' and level = 'province';
create view province_before as from areas where edition = 'before' and level = 'province' and compared();
create view prefecture as from areas where edition = 'now' and level = 'prefecture';
create view city as from areas where edition = 'now' and city;
create view prefecture_sum as select count(*) as divisions, sum(accounts)::bigint as accounts, sum(active)::bigint as active from prefecture;
create view entries as select count(*) as cities from city where service;

-- Sectors with their figures and ranks: equals by accounts, then by id.
create table fields as
  with filled as (
    select e.edition, s.id, s.name, s.en, s.class, columns(t.* exclude (edition, code)) from sectors s cross join editions e
    left join accounts_in('sector') t on t.edition = e.edition and t.code = s.id
  ), counted as (
    select * replace (coalesce(accounts, 0) as accounts, coalesce(verified, 0) as verified, coalesce(serving, 0) as serving, coalesce(active, 0) as active,
      case when accounts is null then 0 else clicks end as clicks, case when accounts is null then 0 else visits end as visits, coalesce(subscribed, 0) as subscribed, coalesce(active_serving, 0) as active_serving,
      coalesce(clicks_sub, 0) as clicks_sub, coalesce(visits_serving, 0) as visits_serving, coalesce(l_county, 0) as l_county, coalesce(l_township, 0) as l_township)
    from filled
  )
  select *,
    row_number() over (partition by edition order by accounts desc, id) as rank,
    row_number() over (partition by edition order by active desc, accounts desc, id) as active_rank,
    row_number() over (partition by edition order by accounts = 0, ratio(active, accounts) desc, accounts desc, id) as mean_rank
  from counted;
create view field as from fields where edition = 'now';
create view field_before as from fields where edition = 'before' and compared();

create view account as from seats where edition = 'now';
-- Accounts that the edition before does not have; none when there is none to compare with.
create table newcomer as
  select a.* from account a anti join (select id from seats where edition = 'before') b using (id) where compared();

-- The latest value of an outside figure, and the rank of provinces by it: as published, or from large to small, equals by code.
create macro indicator_of(figure) as table
  select region_code as code, arg_max(value, year) as value from indicators where indicator = figure group by region_code;
create macro rank_by(figure) as table
  with given as (from indicator_of(figure || '_rank'))
  select code, value::bigint as rank from given
  union all
  select i.code, row_number() over (order by i.value desc, i.code) from indicator_of(figure) i
  join province p on p.code = i.code where not exists (from given);

-- What is launched, by group and by kind.
create view group_use as
  select g.no, g.id, g.name, g.en, count(distinct s.service) as kinds, count(s.service) as items, count(distinct s.region_code) as cities, case when count(s.service) = 0 then 0 else sum(s.visits)::bigint end as visits
  from groups g left join (select k."group", s.* from services s join kinds k on k.id = s.service where s.launched) s on s."group" = g.id group by all;
create view kind_use as
  select k.no, k.id, k.name, k.en, k."group", count(s.service) as cities, case when count(s.service) = 0 then 0 else sum(s.visits)::bigint end as visits
  from kinds k left join services s on s.service = k.id and s.launched group by all;

-- How one sector stands in each province.
create macro sector_by_province(wanted) as table
  with found as (from account where sector = wanted and province is not null)
  select p.code, p.short as name, p.en as name_en, row_number() over (order by count(f.id) desc, p.code) as rank, count(f.id) as accounts,
    count(f.id) filter (f.level = 'province') as own_level,
    count(distinct f.city) filter (f.city <> f.province and f.level = 'prefecture') as prefectures,
    count(distinct f.city) filter (f.city <> f.province) as with_any,
    count(f.id) filter (f.level = 'prefecture') as prefecture_level, count(f.id) filter (f.level = 'county') as county, count(f.id) filter (f.level = 'township') as township,
    part_of(count(f.id) filter (f.level = 'county'), count(f.id)) as county_share, coalesce(sum(f.active), 0)::bigint as active
  from province p left join found f on f.province = p.code group by p.code, p.short, p.en order by rank;

-- The best division of whole numbers into groups: the smallest sum of squared distances to the groups' means, found by going
-- through every border (dynamic programming). value is a distinct number; n, s and q are running count, sum and sum of squares.
create macro running(level_wanted) as table
  select row_number() over (order by accounts) as i, accounts::double as value,
    sum(count(*)) over w::double as n, sum(sum(accounts)) over w::double as s, sum(sum(accounts * accounts)) over w::double as q
  from areas where edition = 'now' and level = level_wanted group by accounts window w as (order by accounts)
  union all select 0, null, 0, 0, 0;
create macro spread(n, s, q) as greatest(0, q - s * s / n);
-- groups, end of the last group, its cost so far, where its last group begins.
create macro best_division(level_wanted, most) as table
  with recursive line as materialized (from running(level_wanted)), best as (
    select 1 as k, i as j, spread(n, s, q) as cost, 0::bigint as begins from line where i > 0
    union all
    select k, j, min(cost) as cost, arg_min(i, (cost, i)) as begins from (
      select b.k + 1 as k, t.i as j, f.i, b.cost + spread(t.n - f.n, t.s - f.s, t.q - f.q) as cost
      from best b join line f on f.i = b.j join line t on t.i > f.i where b.k < most and f.i >= b.k
    ) group by k, j
  ) from best;
-- The tier of every number of accounts, 1 the highest, by the best division into so many groups.
create macro tiers_of(level_wanted, wanted) as table
  with recursive best as materialized (from best_division(level_wanted, wanted)), line as materialized (from running(level_wanted)),
  last as (select max(i) as i from line),
  border as (
    select least(wanted, l.i) as k, b.begins, l.i as ends, 1 as tier from last l join best b on b.k = least(wanted, l.i) and b.j = l.i
    union all
    select o.k - 1, b.begins, o.begins, o.tier + 1 from border o join best b on b.k = o.k - 1 and b.j = o.begins where o.k > 1
  )
  select l.value::bigint as accounts, o.tier from line l join border o on l.i > o.begins and l.i <= o.ends;

-- What came of services, in the latest month counted. A row without a service is of the city's entry as a whole. NULL was not counted.
create table outcome as from 'facts/outcomes.parquet' where month = (select max(month) from 'facts/outcomes.parquet');

-- Pairs of numbers, one set against the other, of a kind of service (scope service) or a city (scope city): both added up over the rows that
-- counted both. no is the order of the scope.
create table pairs as
  with row_pairs as (
    select region_code, service, unnest([
      {what: 'done', part: done, whole: done + refused + cancelled}, {what: 'refused', part: refused, whole: done + refused + cancelled},
      {what: 'cancelled', part: cancelled, whole: done + refused + cancelled}, {what: 'kept', part: kept, whole: promised},
      {what: 'content', part: satisfied, whole: rated}, {what: 'stars', part: rating_sum, whole: rated},
      {what: 'unmet', part: unmet, whole: searches}, {what: 'answered', part: office_calls - office_failed, whole: office_calls},
      {what: 'accessible', part: accessible, whole: checked}, {what: 'steps', part: steps, whole: opened},
      {what: 'loads', part: loads, whole: opened}, {what: 'fen', part: fen, whole: paid}], recursive := true)
    from outcome
  ), placed as (
    select 'service' as scope, k.no, k.id as code, r.what, r.part, r.whole from kinds k join row_pairs r on r.service = k.id
    union all select 'city', c.code::bigint, c.code, r.what, r.part, r.whole from city c join row_pairs r on r.region_code = c.code
  )
  select scope, no, code, what, sum(part)::bigint as part, sum(whole)::bigint as whole
  from placed where part is not null and whole is not null group by all;
-- The first number for one of the second; nothing for none.
create view each as select scope, code, what, part::double / whole as value from pairs where whole <> 0;

-- Wilson's interval of 95 percent for a part of a whole, in percent: side is -1 for its lower end, 1 for its upper end.
create macro wilson_z2() as 1.959963984540054e0 * 1.959963984540054e0;
create macro wilson_spread(part, whole) as
  1.959963984540054e0 * sqrt(part::double / whole * (1 - part::double / whole) / whole + wilson_z2() / (4 * (whole::double * whole)));
create macro wilson(part, whole, side) as
  least(100, greatest(0, 100 * (part::double / whole + wilson_z2() / (2 * whole) + side * wilson_spread(part, whole)) / (1 + wilson_z2() / whole)));
-- Shares with their intervals, where a share can be taken.
create table quotas as
  select *, percent(part, whole) as share, wilson(part, whole, -1) as low, wilson(part, whole, 1) as high, whole < 30 as small
  from pairs where whole > 0 and part between 0 and whole;
-- Ranks by the less favourable end of the interval, of bases that are large enough; equals by the larger base, then in the order of the scope.
-- Of unmet searches less is better.
create macro ranked(least_base) as table
  select *, row_number() over (partition by scope, what order by if(what = 'unmet', high, -low), whole desc, no) as rank from quotas where whole >= least_base;
-- An exhibit of one share.
create macro shares_of_services(wanted) as table
  select k.id as service, k.name, k.en as name_en, r.whole as base, r.share, r.low, r.high, r.small, r.rank
  from ranked(1) r join kinds k on k.id = r.code where r.scope = 'service' and r.what = wanted order by k.no;
create macro shares_of_cities(wanted) as table
  select c.code, c.name, c.en as name_en, r.whole as base, r.share, r.low, r.high, r.small, r.rank
  from ranked(1) r join city c using (code) where r.scope = 'city' and r.what = wanted order by c.code;
