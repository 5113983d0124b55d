select * rename (base as promised) from shares_of_services('kept')
