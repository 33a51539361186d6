-- The entries by which the ledger holds movements for paid.
select posting::text, currency, amount, from_book, to_book from transfer
where posting = any ($1::uuid[]) and reason = 'execution'
order by posting, number
