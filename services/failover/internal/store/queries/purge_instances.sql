-- An instance that is a home stays.
delete from instance i
where reported_at < now() - $1::interval
  and not exists (select from provider p where p.gateway = i.gateway and p.home = i.name)
