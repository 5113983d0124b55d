select p.code, p.short as name, p.en as name_en, v.short as province, p.band, p.accounts, p.rank, p.deputy, p.lon, p.lat
from prefecture p join regions v on v.code = p.province where p.rank <= 10 order by p.rank
