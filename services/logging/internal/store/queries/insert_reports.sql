insert into report (id, time, instance, program, version, host, started, ready, reasons, every)
select id, time, instance, program, version, host, started, ready, reasons, every
from jsonb_to_recordset($1) as r (id uuid, time timestamptz, instance text, program text, version text, host text, started timestamptz,
    ready boolean, reasons jsonb, every bigint)
order by id
on conflict do nothing
