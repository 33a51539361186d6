select key, rule, subject, state, since, coalesce(good_since, '0001-01-01'), coalesce(cleared_at, '0001-01-01'), value, text from alert
