-- What we know of movements that the mainframe names, and the entries by which the ledger holds each for paid: in one statement, so that
-- both are of one moment. An id that is no UUID is none of ours.
select m.id::text, m.reference, m.state, m.lines, m.early, m.client, m.value_date::text,
       coalesce((select json_agg(json_build_object('currency', currency, 'amount', amount, 'from', from_book, 'to', to_book) order by number)
                 from transfer where posting = asked.posting and reason = 'execution'), '[]')
from unnest($1::uuid[], $2::uuid[]) as asked (id, posting) join movement m on m.id = asked.id
