-- The given actions, and what else is proposed on these trades, locked in key order.
select id::text, kind, trade_id::text, version, state, reason, proposed_by, proposed_at, expires_at, coalesce(decided_by, ''), decided_at,
       coalesce(decision, ''), coalesce(code, ''), coalesce(text, '')
from action
where id = any ($1::uuid[]) or trade_id = any ($2::uuid[]) and state = 'proposed'
order by id
for update
