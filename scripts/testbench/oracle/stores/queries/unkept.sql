-- Messages that a service has handled and the journal lacks: at most a few of each service. Only reports of gateways are no part of the journal,
-- and none of these services handles them.
(select 'api' as service, i.id::text from api.inbox i where not exists (select from tracing.journal j where j.id = i.id::text) limit 20)
union all
(select 'auth' as service, i.id::text from auth.inbox i where not exists (select from tracing.journal j where j.id = i.id::text) limit 20)
union all
(select 'linecheck' as service, i.id::text from linecheck.inbox i where not exists (select from tracing.journal j where j.id = i.id::text) limit 20)
union all
(select 'responsibility' as service, i.id::text from responsibility.inbox i where not exists (select from tracing.journal j where j.id = i.id::text) limit 20)
union all
(select 'settlement' as service, i.id::text from settlement.inbox i where not exists (select from tracing.journal j where j.id = i.id::text) limit 20)
union all
(select 'trading' as service, i.id::text from trading.inbox i where not exists (select from tracing.journal j where j.id = i.id::text) limit 20)
order by 1, 2
