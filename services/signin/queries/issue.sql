insert into token (hash, username, roles, desk, client, audience, scope, issued_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (hash) do update set username = excluded.username, roles = excluded.roles, desk = excluded.desk, client = excluded.client,
    audience = excluded.audience, scope = excluded.scope, issued_at = excluded.issued_at, expires_at = excluded.expires_at
