select * rename (base as checked) from shares_of_cities('accessible')
