-- A new firing needs a new acknowledgement.
insert into alert (key, rule, subject, state, since, good_since, cleared_at, value, text)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (key) do update set state = excluded.state, since = excluded.since, good_since = excluded.good_since,
    cleared_at = excluded.cleared_at, value = excluded.value, text = excluded.text,
    acknowledged_by = case when alert.since = excluded.since then alert.acknowledged_by end,
    acknowledged_at = case when alert.since = excluded.since then alert.acknowledged_at end,
    note = case when alert.since = excluded.since then alert.note end
