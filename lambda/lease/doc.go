// Package lease decides which of several processes holds a name. Leases are rows in Postgres, in the schema of the data
// that only the holder may write, so nothing but that Postgres is needed for a takeover.
//
// # What it promises
//
//   - At any instant at most one process believes that it holds a name, as long as clocks run at about the same rate. A
//     process believes for two thirds of the lease, counted by its monotonic clock from before the statement was sent;
//     the row is free after the whole lease, counted by the database's clock from when the statement ran. Wall clocks
//     play no part, nor does how long an answer took.
//   - Each take of a name has an epoch one greater than the take before. A process that starts again is another holder.
//   - A tenant hears of the end at once, also while Postgres hangs and while other tenants take their time.
//   - A name is free at once when its holder gives it, and one lease length after the last renewal when its holder dies.
//     With the defaults another one holds it 1.0 to 1.3 s after a kill, and 0.1 s after it was given.
//
// # What it does not
//
// Belief is not a fence. A process can be stopped between the look at its lease and its write; a machine that is suspended
// stops its monotonic clock, too; the database's clock can be set forward. Therefore writes are fenced: the row that is to
// be protected has a column with the epoch. Who gains the name puts its epoch there first, and only then reads,
//
//	update session set epoch = $2 where name = $1 and epoch < $2
//
// and every write checks it in its own statement, or in its transaction with the row locked:
//
//	update session set ... where name = $1 and epoch = $2
//
// No row means that somebody else holds the name: stop at once. The first statement waits for writes that are under way,
// and none of an older epoch can follow it. Joining with the table lease instead is no fence, since a holder may change
// between the look and the commit; locking its row (for share) would be one, and would hold up renewals.
//
// It does not say who should hold a name: whoever asks first does. It does not spread names over processes, nor bring them
// home. Who plans that has each process Want every name, so that a takeover needs no plan, and wishes.
//
// # Wishes
//
// A wish names the replica that is to have a name next. It lies in the name's row, so whoever can write there can have a
// name moved without reaching its holder:
//
//   - The one that is wished for hears of it with its next poll, and from then on looks every 10 ms.
//   - The holder hears of it with a renewal, once it is 150 ms old, so that the other one looks already. It gives the name:
//     its tenant ends in good order, while the lease is renewed, and only then is the row free. It goes on wanting it.
//   - For half a second after that only the one that is wished for may take the name. If it is dead that is what a wish
//     costs: afterwards anybody may, the old holder too.
//   - The first to take the name ends the wish. A holder that dies first takes nothing from it: the half second begins when
//     its lease expires.
//   - A wish is void after five seconds, is replaced by the next one, and is about one tenure: it carries its epoch, so one
//     that arrives late or twice does nothing.
//
// Where the name goes is therefore decided in a third of a second, and the name is without a tenant for as long as it
// takes to end one and begin the other, and some 10 ms. Wishes hold nobody up: replicas that know nothing of them, as in a
// rolling update from before, take what is reserved for others, and do not give.
//
// A take whose answer is lost leaves a row that nobody knows to be his: the name is without a holder until that expires.
//
// # For whoever is on call
//
// Who holds what, for how long, and what nobody holds:
//
//	select name, holder, epoch, taken_at, expires_at - clock_timestamp() as left, wish, wish_until from lease order by name
//
// An epoch that grows by the minute means that holders lose their leases: look for a starved or stopped process, or a
// Postgres that takes longer than a third of LEASE_LENGTH to answer; the log says which ("lease ends", with the reason,
// and "leases can not be kept", with the error). To make a holder let go, expire its row: its tenant ends within
// LEASE_RENEW, and until then another may have begun, which is what the fence is for.
//
//	update lease set expires_at = clock_timestamp() where name = '...'
//
// To have a name moved in good order when nothing else can ask for it, wish by hand, for the replica as it shows before
// the last "/" of a holder:
//
//	update lease set wish = 'service/2', wish_until = clock_timestamp() + interval '5 seconds' where name = '...'
//
// Rows are never deleted: with its row a name would lose its epoch, and old writers would pass the fence. While Postgres
// is away nobody holds anything after two thirds of the lease; when it is back, names are taken with the next poll. A
// restore from a backup sets epochs back: raise them above those in the fenced rows before any keeper starts.
//
// Processes may have different settings, as in a rolling update: how long a lease lasts is its holder's matter, and its
// expiry is in the row.
package lease
