insert into line (id, time, sequence, level, service, instance, story, trace, message, fields, words)
select id, time, sequence, level, service, instance, story, trace, message, fields, words
from jsonb_to_recordset($1) as l (id uuid, time timestamptz, sequence bigint, level text, service text, instance text, story text, trace text,
    message text, fields jsonb, words text[])
order by id
on conflict do nothing
