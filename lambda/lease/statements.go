package lease

// All times are the database's: clock_timestamp(), read when a row is looked at, not when the statement began. Rows are locked
// in the order of their names. A row that another session has locked is skipped until the next statement, so that it does not
// delay the others.
const (
	// takeFree takes the rows that have expired and inserts those that are missing. It leaves a row with a wish in force to
	// the wished replica for a while. A take ends the wish. For a name that is not free yet it returns epoch 0 and when to look again: soon if the
	// name is wished for this replica, and when the lease expires if that is within a poll. While nothing is free it only reads.
	takeFree = `
with wanted as (
    select unnest($2::text[]) as name
), free as (
    select l.name from lease l join wanted using (name)
    where l.expires_at <= clock_timestamp()
      and (l.wish is null or l.wish = $4::text or l.wish_until <= clock_timestamp() or l.expires_at + $5::interval <= clock_timestamp())
    order by l.name for no key update of l skip locked
), taken as (
    update lease l set holder = $1::text, epoch = l.epoch + 1, expires_at = clock_timestamp() + $3::interval, taken_at = clock_timestamp(),
        wish = null, wish_until = null
    from free where l.name = free.name
    returning l.name, l.epoch
), made as (
    insert into lease (name, holder, epoch, expires_at, taken_at)
    select name, $1::text, 1, clock_timestamp() + $3::interval, clock_timestamp() from wanted
    where not exists (select from lease l where l.name = wanted.name)
    order by name on conflict do nothing
    returning name, epoch
)
select name, epoch, null::interval from taken union all select name, epoch, null from made
union all
select l.name, 0, $6::interval from lease l join wanted using (name)
where l.wish = $4::text and l.wish_until > clock_timestamp() and not exists (select from taken where taken.name = l.name)
union all
select l.name, 0, l.expires_at - clock_timestamp() from lease l join wanted using (name)
where l.wish is null and l.expires_at > clock_timestamp() and l.expires_at < clock_timestamp() + $7::interval`

	// renewHeld returns for each grant whether it is renewed (true) or over (false), and whether there is a wish for another
	// replica that is old enough to be heeded. For a grant whose row is locked it returns nothing. It does not renew an expired
	// row: a renewal that arrives late must not undo a release. It does not shorten a lease: the holder may believe an earlier, longer one.
	renewHeld = `
with held as (
    select * from unnest($2::text[], $3::bigint[]) as h(name, epoch)
), mine as (
    select l.name from lease l join held using (name)
    where l.epoch = held.epoch and l.holder = $1::text and l.expires_at > clock_timestamp()
    order by l.name for no key update of l skip locked
), renewed as (
    update lease l set expires_at = greatest(l.expires_at, clock_timestamp() + $4::interval) from mine where l.name = mine.name
    returning l.name, l.wish <> $5::text and l.wish_until > clock_timestamp() and l.wish_until - $6::interval <= clock_timestamp() as wished
)
select held.name, held.epoch, renewed.name is not null, coalesce(renewed.wished, false)
from held left join renewed using (name) left join lease l using (name)
where renewed.name is not null or l.epoch is distinct from held.epoch or l.holder <> $1::text or l.expires_at <= clock_timestamp()`

	// releaseGiven keeps the epoch, so that the next take of the name has a greater one.
	releaseGiven = `
with given as (
    select l.name from lease l join unnest($2::text[], $3::bigint[]) as h(name, epoch) using (name)
    where l.epoch = h.epoch and l.holder = $1::text and l.expires_at > clock_timestamp()
    order by l.name for no key update of l
)
update lease l set expires_at = clock_timestamp() from given where l.name = given.name`

	// wishFor does nothing unless the epoch is that of the row: a wish about an earlier tenure does not count for a later one.
	wishFor = `
update lease set wish = $3::text, wish_until = clock_timestamp() + $4::interval
where name = $1::text and epoch = $2::bigint and expires_at > clock_timestamp()`
)
