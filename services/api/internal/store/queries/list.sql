-- Trades that changed last come first. A null filter takes all.
select id::text, changed::text, facts from trade
where state <> ''
  and ($1::text is null or client = $1) and ($2::text is null or desk = $2) and ($3::text is null or state = $3)
  and ($4::text is null or pair = $4) and ($5::text is null or product = $5) and ($6::text is null or provider = $6)
  and ($7::date is null or trade_date >= $7) and ($8::date is null or trade_date <= $8)
  and ($9::text is null or (changed, id) < ($9::text::xid8, $10::uuid))
-- Not "order by changed": that would be the text above.
order by trade.changed desc, trade.id desc
limit $11
