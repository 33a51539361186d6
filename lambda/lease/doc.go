// Package lease decides which of several processes holds a name. Leases are rows in Postgres, in the same schema as the data
// that only the holder may write. So a takeover needs that Postgres and nothing else.
//
// # What it promises
//
//   - At any instant at most one process believes that it holds a name, as long as clocks run at about the same rate. A
//     process believes it for two thirds of the lease, counted by its monotonic clock from before it sent the statement.
//     The row is free after the whole lease, counted by the database's clock from when the statement ran. Neither wall
//     clocks nor the time that an answer takes play a part.
//   - Each take of a name has an epoch, which is one greater than that of the take before. A process that starts again is
//     another holder.
//   - A tenant hears of the end of its lease at once, also while Postgres hangs or other tenants are slow.
//   - A name is free at once when its holder gives it, and one lease length after the last renewal when its holder dies.
//     With the defaults another process holds it 1.0 to 1.3 s after a kill, and 0.1 s after it was given.
//
// # How long a lease lasts
//
// On a machine that has time for its processes a lease lasts Config.Length. Where this process is woken late, or answered late, a lease
// lasts a multiple of the lateness, up to Config.Longest: see [Pace]. So a takeover from a killed process takes longer there, and a
// process that lives keeps its leases.
//
// # What it does not promise
//
// Belief is not a fence. A process can be stopped between the look at its lease and its write. A machine that is suspended
// stops its monotonic clock, too. The database's clock can be set forward. Therefore writes must be fenced: the row that is
// to be protected has a column with the epoch. A process that gains the name first puts its epoch there, and only then reads,
//
//	update session set epoch = $2 where name = $1 and epoch < $2
//
// and every write checks it in its own statement, or in its transaction with the row locked:
//
//	update session set ... where name = $1 and epoch = $2
//
// If no row was updated, another process holds the name: stop at once. The first statement waits for writes that are under
// way, and no write of an older epoch can follow it. A join with the table lease is no fence, since the holder may change
// between the look and the commit. A lock on the lease's row (for share) would be a fence, but would delay renewals.
//
// The package does not say which process should hold a name: the first that asks gets it. It does not spread names over
// processes, and does not move them back. A planner lets each process Want every name, so that a takeover needs no plan, and
// moves names with wishes.
//
// # Wishes
//
// A wish names the replica that is to have a name next. It is stored in the name's row, so any process that can write there
// can move a name without a connection to its holder:
//
//   - The wished replica learns of the wish with its next poll. From then on it looks every 10 ms.
//   - The holder learns of the wish with a renewal, once the wish is 150 ms old, so that the wished replica looks already.
//     The holder gives the name: its tenant ends in good order while the lease is renewed, and only then is the row free.
//     The old holder still wants the name.
//   - For half a second after that, only the wished replica may take the name. Afterwards any replica may, the old holder
//     too. So if the wished replica is dead, a wish costs half a second.
//   - The first take of the name ends the wish. If the holder dies before it has given the name, the half second begins when
//     its lease expires.
//   - A wish is void after five seconds. A later wish replaces it. It carries the epoch of the tenure that it is to end, so
//     a wish that arrives late or twice does nothing.
//
// So it takes a third of a second to decide where the name goes. The name has no tenant from the end of the old one to the
// beginning of the new one, and for about 10 ms in between. A replica of a version that does not know wishes (in a rolling
// update) ignores them: it takes names that are reserved for others, and does not give.
//
// If the answer to a take is lost, the process does not know that the row is its own. The name then has no holder until that
// lease expires.
//
// # For on-call
//
// This shows who holds which name and for how much longer, and which names have no holder:
//
//	select name, holder, epoch, taken_at, expires_at - clock_timestamp() as left, wish, wish_until from lease order by name
//
// An epoch that grows every minute means that holders lose their leases. Look for a process that gets no CPU or is stopped ("this
// process runs late, its leases last longer"),
// or for a Postgres that takes longer than a third of LEASE_LENGTH to answer. The log says which: "lease ends", with the
// reason, and "leases cannot be kept", with the error. To make a holder let go, expire its row. Its tenant ends within
// LEASE_RENEW; until then another tenant may have begun, and the fence keeps them apart.
//
//	update lease set expires_at = clock_timestamp() where name = '...'
//
// To move a name in good order when no planner can, write the wish by hand. The replica is the part of a holder before the
// last "/":
//
//	update lease set wish = 'service/2', wish_until = clock_timestamp() + interval '5 seconds' where name = '...'
//
// Never delete rows: with its row a name would lose its epoch, and old writers would pass the fence. When Postgres has been
// away for two thirds of the lease, no process holds anything; when it is back, names are taken with the next poll. A restore
// from a backup sets epochs back: raise them above those in the fenced rows before any keeper starts.
//
// Processes may have different settings, as in a rolling update: the holder decides how long its lease lasts, and the row has
// its expiry.
package lease
