select id::text, base::text, quote::text, value::text from linecheck.netted_deal
