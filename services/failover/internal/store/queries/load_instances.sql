select name, gateway, started, sequence, reported_at, ready, reason, ready_since, draining, sessions from instance
