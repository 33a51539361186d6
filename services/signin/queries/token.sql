select t.username, t.roles, t.desk, t.client, t.audience, t.scope, t.expires_at, t.revoked or coalesce(t.issued_at <= r.until, false)
from token t left join revocation r on r.username = t.username
where t.hash = $1 and t.issued_at is not null
