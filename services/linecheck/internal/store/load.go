package store

import (
	_ "embed" // the queries
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"fxcore/services/linecheck/internal/line"
)

var (
	//go:embed queries/add_missing_nodes.sql
	addMissingNodesSQL string
	//go:embed queries/lock_nodes.sql
	lockNodesSQL string
	//go:embed queries/load_reservations.sql
	loadReservationsSQL string
	//go:embed queries/load_netting.sql
	loadNettingSQL string
	//go:embed queries/load_members.sql
	loadMembersSQL string
	//go:embed queries/load_settled.sql
	loadSettledSQL string
	//go:embed queries/lock_lapsed.sql
	lockLapsedSQL string
	//go:embed queries/load_lapsed.sql
	loadLapsedSQL string
	//go:embed queries/lock_left.sql
	lockLeftSQL string
	//go:embed queries/load_left.sql
	loadLeftSQL string
)

// Wanted lists what a batch of events needs from the database.
type Wanted struct {
	Now     time.Time     // the batch's time, at which reservations have lapsed
	Paths   []line.Path   // paths of new exposures
	Facts   []line.Path   // paths of registered trades, which may have no reservation
	Buckets []line.Bucket // settlement buckets that new exposures are checked against
	Sets    []line.Set    // netting sets of new exposures
	Relief  []line.Member // members whose collateral relieves the groups of new exposures
	New     []string      // ids of new exposures
	Known   []string      // ids of reservations to be resolved or taken over
	Trades  []string      // ids of trades to be released or registered; the line checks that they took over are loaded, too
}

// QueueLoad queues the statements that lock and load what is wanted. The book is filled when the batch has been sent.
// QueueLoad also loads lapsed reservations of the clients with new exposures, so that these can be expired first.
func QueueLoad(b *pgx.Batch, w Wanted, book *line.Book) {
	var keys, clients []string
	for _, p := range slices.Concat(w.Paths, w.Facts) {
		for _, n := range p.Nodes() {
			keys = append(keys, n.String())
		}
	}
	for _, p := range w.Paths {
		clients = append(clients, line.Node{Level: line.Client, ID: p.Client}.String())
	}
	keys = line.LockOrder(keys)
	if len(keys) > 0 {
		b.Queue(addMissingNodesSQL, keys)
	}
	ids := slices.Concat(w.Known, w.Trades, w.New)
	b.Queue(lockNodesSQL, keys, ids).Query(scanUsage(book))
	b.Queue(loadReservationsSQL, ids, line.LockOrder(clients), w.New, w.Trades, w.Now).Query(scanReservations(book))
	queueSettled(b, w.Buckets, book)
	queueSets(b, w.Sets, book)
	queueRelief(b, w.Relief, book)
}

func queueSets(b *pgx.Batch, sets []line.Set, book *line.Book) {
	if len(sets) == 0 {
		return
	}
	var c netting
	for _, s := range sets {
		c.key(s)
		book.LoadSet(s, line.Netting{}) // the usage if the table has no row
	}
	b.Queue(loadNettingSQL, c.nodes, c.clients, c.pairs, c.dates).Query(scanRows[nettingRow](book))
	queueEffects(b, sets, book)
}

func queueRelief(b *pgx.Batch, members []line.Member, book *line.Book) {
	if len(members) == 0 {
		return
	}
	var groups, clients []string
	wanted := map[line.Member]bool{} // trades of one group name the same members
	for _, m := range members {
		if wanted[m] {
			continue
		}
		wanted[m] = true
		groups, clients = append(groups, key(line.Group, m.Group)), append(clients, key(line.Client, m.Client))
		book.LoadMember(m, decimal.Zero) // the exposure if the table has no row
	}
	b.Queue(loadMembersSQL, groups, clients).Query(func(rows pgx.Rows) error {
		var group, client string
		var used decimal.Decimal
		_, err := pgx.ForEachRow(rows, []any{&group, &client, &used}, func() error {
			p, err := pathOf(group, client)
			book.LoadMember(line.Member{Group: p.Group, Client: p.Client}, used)
			return err
		})
		return wrap("load members", err)
	})
}

func queueSettled(b *pgx.Batch, buckets []line.Bucket, book *line.Book) {
	if len(buckets) == 0 {
		return
	}
	nodes, dates := make([]string, len(buckets)), make([]time.Time, len(buckets))
	for i, k := range buckets {
		nodes[i], dates[i] = k.Node.String(), k.ValueDate
		book.LoadSettled(k, decimal.Zero) // the amount if the table has no row
	}
	b.Queue(loadSettledSQL, nodes, dates).Query(func(rows pgx.Rows) error {
		var key string
		var date time.Time
		var used decimal.Decimal
		_, err := pgx.ForEachRow(rows, []any{&key, &date, &used}, func() error {
			n, err := line.ParseNode(key)
			book.LoadSettled(line.Bucket{Node: n, ValueDate: date}, used)
			return err
		})
		return wrap("load settlements", err)
	})
}

// Lapsed says which open reservations have lapsed: those whose time limit lies after After and not after Until. At most
// Limit of them are loaded.
type Lapsed struct {
	After, Until time.Time
	Limit        int
}

// QueueLapsed queues the statements that lock and load open reservations that have lapsed, with the line checks that lapsed
// trades took over. The book is filled when the batch has been sent.
func QueueLapsed(b *pgx.Batch, l Lapsed, book *line.Book) {
	b.Queue(lockLapsedSQL, l.After, l.Limit, l.Until).Query(scanUsage(book))
	b.Queue(loadLapsedSQL, l.After, l.Limit, l.Until).Query(scanReservations(book))
}

// Left names an absent provider. The provider's open reservations of line checks, made no later than Until, are to be
// withdrawn.
type Left struct {
	Provider string
	Until    time.Time
}

// QueueLeft queues the statements that lock and load up to limit reservations of absent providers. The book is filled
// when the batch has been sent.
func QueueLeft(b *pgx.Batch, gone []Left, limit int, book *line.Book) {
	providers, untils := make([]string, len(gone)), make([]time.Time, len(gone))
	for i, g := range gone {
		providers[i], untils[i] = g.Provider, g.Until
	}
	b.Queue(lockLeftSQL, providers, untils, limit).Query(scanUsage(book))
	b.Queue(loadLeftSQL, providers, untils, limit).Query(scanReservations(book))
}
