-- Alerts whose present state has not been published. A pending one is nobody's business yet.
select key, rule, subject, state, since, coalesce(good_since, '0001-01-01'), coalesce(cleared_at, '0001-01-01'), value, text
from alert where state <> 'pending' and told <> state || extract(epoch from since)::text order by since
