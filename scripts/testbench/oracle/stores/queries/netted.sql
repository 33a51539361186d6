select id::text, base::text, quote::text, value::text, coalesce(far_exposure, 0)::text, coalesce(near_exposure, 0)::text,
       coalesce(near_base, 0)::text, coalesce(near_quote, 0)::text, coalesce(near_value, 0)::text
from linecheck.netted_deal
