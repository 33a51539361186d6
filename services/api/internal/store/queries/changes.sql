select changed::text, facts from trade
where changed >= $1::text::xid8 and changed < $2::text::xid8 and state <> ''
order by changed, id
limit $3
