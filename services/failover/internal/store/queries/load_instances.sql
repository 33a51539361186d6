select name, gateway, started, sequence, reported_at, ready, reason, ready_since, draining, sessions, late_ms, lease_ms from instance
