-- Every message that a service has handled. Only reports of instances are no part of the journal, and none of these services handles them.
select 'api', id::text from api.inbox
union all
select 'auth', id::text from auth.inbox
union all
select 'linecheck', id::text from linecheck.inbox
union all
select 'responsibility', id::text from responsibility.inbox
union all
select 'settlement', id::text from settlement.inbox
union all
select 'trading', id::text from trading.inbox
