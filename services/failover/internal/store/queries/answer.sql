select at, gateway, provider, instance, what, epoch, text, by, command
from history
where command = $1
limit 1
