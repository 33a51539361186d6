-- The entry takes its latest failure. It is open again, whatever was done about it.
update failed_message m set
    failures = f.failures, failed_at = f.failed_at, first_failed_at = f.first_failed_at, state = case when m.failures = 0 then m.state else 'open' end,
    version = case when m.failures = 0 then m.version else m.version + 1 end, attempts = $2, source = $3, reason = $4, text = $5, group_key = $6,
    headers = $7, edited = null, claimed_until = null, resolved_at = null
from (select count(*) failures, min(at) first_failed_at, max(at) failed_at from failed_history where failed_id = $1 and what = 'failed') f
where m.id = $1 and m.failures < f.failures
