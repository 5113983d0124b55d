select * rename (base as searches) from shares_of_cities('unmet')
