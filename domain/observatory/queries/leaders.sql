select id as account, name, region_code as code, sector, kind, row_number() over (order by active desc, id) as rank, active, clicks, visits
from account where active > 0 order by rank limit 100
