update token t set revoked_at = r.revoked_at, revoked_by = r.revoked_by, revoked_why = r.revoked_why
from jsonb_populate_recordset(null::token, $1::jsonb) r
where t.hash = r.hash
