insert into transfer (posting, number, reason, currency, amount, value_date, from_book, to_book, reverses_posting, reverses_number,
                      booked_at)
select posting, number, reason, currency, amount::numeric, value_date, from_book, to_book, reverses_posting,
       nullif(reverses_number, 0), $11
from unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::text[], $6::date[], $7::text[], $8::text[], $9::uuid[],
            $10::smallint[])
    as t (posting, number, reason, currency, amount, value_date, from_book, to_book, reverses_posting, reverses_number)
order by posting, number
