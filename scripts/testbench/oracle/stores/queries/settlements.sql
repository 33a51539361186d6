select node, value_date::text, used::text from linecheck.settlement_usage
