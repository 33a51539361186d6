-- A new action, or what was decided about one.
insert into action (id, kind, trade_id, version, state, reason, proposed_by, proposed_at, expires_at, decided_by, decided_at, decision, code, text)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, nullif($10, ''), $11, nullif($12, ''), nullif($13, ''), nullif($14, ''))
on conflict (id) do update
set state = excluded.state, decided_by = excluded.decided_by, decided_at = excluded.decided_at, decision = excluded.decision,
    code = excluded.code, text = excluded.text
where action.state = 'proposed'
