select key, rule, subject, state, since, coalesce(good_since, '0001-01-01'), coalesce(cleared_at, '0001-01-01'), value, text,
       coalesce(acknowledged_by, ''), coalesce(acknowledged_at, '0001-01-01'), coalesce(note, '')
from alert where state = $1 order by since desc limit 500
