select held, count(*) from obligation where state = 'open' and held <> '' group by held order by count(*) desc, held limit 5
