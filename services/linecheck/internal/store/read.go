package store

import (
	"context"
	_ "embed" // the queries
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/services/linecheck/internal/line"
)

var (
	//go:embed queries/read_nodes.sql
	readNodesSQL string
	//go:embed queries/read_peaks.sql
	readPeaksSQL string
	//go:embed queries/read_ladder.sql
	readLadderSQL string
)

const readBound = 5 * time.Second

// Read sends queries in one transaction that writes nothing. All of them see the same snapshot of the database, so what they
// read adds up. They lock nothing, so they delay nobody.
func Read(ctx context.Context, pool *pgxpool.Pool, b *pgx.Batch) error {
	ctx, cancel := context.WithTimeout(ctx, readBound)
	defer cancel()
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	return wrap("read a snapshot", pgx.BeginTxFunc(ctx, pool, options, func(tx pgx.Tx) error {
		return tx.SendBatch(ctx, b).Close()
	}))
}

// QueueWhatIf queues the queries for all that new exposures are checked against, as [QueueLoad] does, but without a lock and
// without a write.
func QueueWhatIf(b *pgx.Batch, w Wanted, book *line.Book) {
	var nodes []line.Node
	var clients []string
	for _, p := range w.Paths {
		nodes = append(nodes, p.Nodes()...)
		clients = append(clients, key(line.Client, p.Client))
	}
	queueNodes(b, nodes, book)
	b.Queue(loadReservationsSQL, []string{}, line.LockOrder(clients), []string{}, []string{}, w.Now).Query(scanReservations(book))
	queueSettled(b, w.Buckets, book)
	queueSets(b, w.Sets, book)
	queueRelief(b, w.Relief, book)
}

// queueNodes queues the query for the usage of nodes. A node that is not stored carries nothing.
func queueNodes(b *pgx.Batch, nodes []line.Node, book *line.Book) {
	keys := make([]string, len(nodes))
	for i, n := range nodes {
		keys[i] = n.String()
		book.LoadUsage(n, line.Usage{})
	}
	b.Queue(readNodesSQL, keys).Query(scanUsage(book))
}

// Lines is what lines carry.
type Lines struct {
	Book  *line.Book                      // usage of the nodes, and of the members whose collateral relieves groups
	Peaks map[line.Node]line.Settlement   // the largest amount due on one value date
	Due   map[line.Node][]line.Settlement // for nodes of which it was asked: what is due, by value date
}

// QueueLines queues the queries for what lines carry. They fill the result when the batch has been sent. due names a node of
// which each value date is wanted; it may be nil.
func QueueLines(b *pgx.Batch, lines []line.Line, due *line.Node) *Lines {
	found := &Lines{Book: line.NewBook(), Peaks: map[line.Node]line.Settlement{}, Due: map[line.Node][]line.Settlement{}}
	nodes := make([]line.Node, len(lines))
	keys := make([]string, len(lines))
	var relief []line.Member
	for i, l := range lines {
		nodes[i], keys[i] = l.Node, l.Node.String()
		for _, pledge := range l.Pledged {
			relief = append(relief, line.Member{Group: l.Node.ID, Client: pledge.Client})
		}
	}
	queueNodes(b, nodes, found.Book)
	queueRelief(b, relief, found.Book)
	b.Queue(readPeaksSQL, keys).Query(found.scanPeaks)
	if due != nil {
		b.Queue(readLadderSQL, due.String()).Query(func(rows pgx.Rows) error { return found.scanDue(*due, rows) })
	}
	return found
}

func (l *Lines) scanPeaks(rows pgx.Rows) error {
	var key string
	var s line.Settlement
	_, err := pgx.ForEachRow(rows, []any{&key, &s.ValueDate, &s.Amount}, func() error {
		n, err := line.ParseNode(key)
		l.Peaks[n] = s
		return err
	})
	return wrap("read what is due at most", err)
}

func (l *Lines) scanDue(n line.Node, rows pgx.Rows) error {
	var s line.Settlement
	_, err := pgx.ForEachRow(rows, []any{&s.ValueDate, &s.Amount}, func() error {
		l.Due[n] = append(l.Due[n], s)
		return nil
	})
	return wrap("read what is due", err)
}
