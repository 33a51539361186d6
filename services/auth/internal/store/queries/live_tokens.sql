select row_to_json(t) from token t where expires_at > $1 and revoked_at is null order by expires_at limit $2
