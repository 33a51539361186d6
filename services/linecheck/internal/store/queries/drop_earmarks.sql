-- What is kept no more: the trade has come, or the consumption was reversed.
delete from earmark e
using unnest($1::uuid[], $2::uuid[]) gone (trade_id, check_id)
where e.trade_id = gone.trade_id and e.check_id = gone.check_id
