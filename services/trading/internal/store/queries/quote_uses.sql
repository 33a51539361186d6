-- How much has been dealt on these quotes.
select quote_id, sum(amount)::text from quote_use where quote_id = any ($1::text[]) group by quote_id
