select id as "group", name, en as name_en, kinds, items, cities, percent(cities, (select cities from entries)) as share, visits from group_use order by no
