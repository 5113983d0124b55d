select * rename (base as calls) from shares_of_services('answered')
