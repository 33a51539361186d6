-- One bounded chunk of what no repeat can refer to any more.
delete from request where ctid = any (array (select ctid from request where trade_date < $1 limit $2))
