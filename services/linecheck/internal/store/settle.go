package store

import (
	_ "embed" // the queries

	"github.com/jackc/pgx/v5"

	"fxcore/services/linecheck/internal/line"
)

var (
	//go:embed queries/lock_netted.sql
	lockNettedSQL string
	//go:embed queries/lock_reservations.sql
	lockReservationsSQL string
	//go:embed queries/change_usage.sql
	changeUsageSQL string
)

// QueueSettling queues the statements that lock and load the reservations of trades whose legs are settled, with the line checks that they took
// over. It locks no node, unless a trade is netted: the nodes are locked by [QueueFreed], for no longer than its writes take. So the book has
// no node's usage. Its usage of each node begins at zero, and what the book has in the end is the change.
func QueueSettling(b *pgx.Batch, trades []string, book *line.Book) {
	b.Queue(lockNettedSQL, trades)
	b.Queue(lockReservationsSQL, trades)
	load := scanReservations(book)
	b.Queue(loadReservationsSQL, trades, []string{}, []string{}, trades, nil).Query(func(rows pgx.Rows) error {
		err := load(rows)
		book.CountChanges()
		return err
	})
}

// QueueFreed queues the writes of all changes in a book that was loaded by [QueueSettling].
func QueueFreed(b *pgx.Batch, book *line.Book) {
	changed := book.ChangedUsage()
	if len(changed) > 0 {
		c := usageOf(changed)
		b.Queue(lockNodesSQL, c.nodes, []string{})
		b.Queue(changeUsageSQL, c.nodes, c.reserved, c.consumed)
	}
	queueRest(b, book)
}
