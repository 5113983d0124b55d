select s.* rename (base as rated), e.value as mean
from shares_of_services('content') s join kinds k on k.id = s.service
left join each e on e.scope = 'service' and e.what = 'stars' and e.code = s.service order by k.no
