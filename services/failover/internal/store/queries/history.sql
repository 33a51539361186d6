-- The last lines, of one provider or of all, the newest first.
select at, gateway, provider, instance, what, epoch, text, by, command
from history
where $1 = '' or provider = $1
order by at desc, id desc
limit $2
