insert into instance (name, gateway, started, sequence, reported_at, ready, reason, ready_since, draining, sessions, late_ms, lease_ms)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
on conflict (name) do update set gateway = excluded.gateway, started = excluded.started, sequence = excluded.sequence,
    reported_at = excluded.reported_at, ready = excluded.ready, reason = excluded.reason, ready_since = excluded.ready_since,
    draining = excluded.draining, sessions = excluded.sessions,
    late_ms = excluded.late_ms, lease_ms = excluded.lease_ms
