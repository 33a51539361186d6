-- The legs of trades of which a later version has come.
select row_to_json(o) from obligation o where trade_id = any ($1::uuid[])
order by trade_id, trade_version, leg
for update
