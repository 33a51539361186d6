select username, desk, roles, system, audience, expires_at, revoked from token where hash = $1
