select changed::text, facts from trade
where changed >= $1::text::xid8 and changed < $2::text::xid8 and state <> ''
-- Not "order by changed": that would be the text above.
order by trade.changed
-- What one transaction has changed stays together, however much it is: a position is between transactions.
fetch first $3 rows with ties
