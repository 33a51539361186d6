select book, currency, value_date::text, amount::text from settlement.balance where amount <> 0
