-- What rejected deals had dealt on quotes.
delete from quote_use where id = any ($1::uuid[])
