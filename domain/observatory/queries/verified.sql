with lines as (
  select 0 as no, 'nation' as scope, '全国' as name, 'the nation' as name_en, accounts, verified from nation
  union all select 1, 'police', '公安', 'police', accounts, verified from field where id = 'f01'
  union all select 2, code, short, en, accounts, verified from province)
select scope, name, name_en, accounts, verified, percent(verified, accounts) as verified_share from lines order by no, scope
