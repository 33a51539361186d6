-- Everything there is, exactly. A trade counts once, however many versions its life gives it.
select (select count(*) from trading.trade where version = 1),
       (select count(*) from trading.rejection),
       (select count(*) from linecheck.reservation where kind = 'check')
