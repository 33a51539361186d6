select id::text, time, instance, program, version, host, started, ready, reasons, every
from report
where ($1::text = '' or instance = $1) and time >= $2 and time < $3
order by time desc, id desc
limit $4
