select k.id as service, k.name, k.en as name_en, k."group", k.cities, percent(k.cities, e.cities) as share, k.visits
from kind_use k cross join entries e order by k.cities desc, k.no
