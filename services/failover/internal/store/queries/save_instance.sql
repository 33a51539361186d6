insert into instance (name, gateway, started, sequence, reported_at, ready, reason, ready_since, draining, sessions)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (name) do update set gateway = excluded.gateway, started = excluded.started, sequence = excluded.sequence,
    reported_at = excluded.reported_at, ready = excluded.ready, reason = excluded.reason, ready_since = excluded.ready_since,
    draining = excluded.draining, sessions = excluded.sessions
