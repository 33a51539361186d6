package store

import (
	_ "embed" // the queries
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"fxcore/services/linecheck/internal/line"
)

var (
	//go:embed queries/set_usage.sql
	setUsageSQL string
	//go:embed queries/add_settlements.sql
	addSettlementsSQL string
	//go:embed queries/take_settlements.sql
	takeSettlementsSQL string
	//go:embed queries/add_members.sql
	addMembersSQL string
	//go:embed queries/take_members.sql
	takeMembersSQL string
	//go:embed queries/insert_reservations.sql
	insertReservationsSQL string
	//go:embed queries/set_parts.sql
	setPartsSQL string
	//go:embed queries/set_figures.sql
	setFiguresSQL string
)

// QueueSave queues the writes of all changes in the book: at most one statement per table and kind of change.
func QueueSave(b *pgx.Batch, book *line.Book) {
	queueUsage(b, book.ChangedUsage())
	queueRest(b, book)
}

// queueRest queues the writes of all changes but those of the nodes' usage.
func queueRest(b *pgx.Batch, book *line.Book) {
	queueSettlements(b, book.ChangedBuckets())
	queueMembers(b, book.ChangedMembers())
	queueReservations(b, book.Added())
	queueNetted(b, book.Added())
	queueParts(b, book.Resolved())
	queueFigures(b, book.Measured())
	queueNetting(b, book.ChangedSets())
	queueEarmarks(b, book.ChangedEarmarks())
	queueSetEffects(b, book.ChangedEffects())
}

func queueUsage(b *pgx.Batch, changed []line.NodeUsage) {
	if len(changed) > 0 {
		c := usageOf(changed)
		b.Queue(setUsageSQL, c.nodes, c.reserved, c.consumed)
	}
}

// usage holds nodes and figures of them by column.
type usage struct{ nodes, reserved, consumed []string }

func usageOf(changed []line.NodeUsage) (c usage) {
	for _, u := range changed {
		c.nodes = append(c.nodes, u.Node.String())
		c.reserved, c.consumed = append(c.reserved, u.Usage.Reserved.String()), append(c.consumed, u.Usage.Consumed.String())
	}
	return c
}

// buckets holds, by column, bucket changes of one sign.
type buckets struct {
	nodes   []string
	dates   []time.Time
	amounts []string
}

func (c *buckets) add(k line.Bucket, amount decimal.Decimal) {
	c.nodes, c.dates = append(c.nodes, k.Node.String()), append(c.dates, k.ValueDate)
	c.amounts = append(c.amounts, amount.String())
}

func (c *buckets) queue(b *pgx.Batch, sql string) {
	if len(c.nodes) > 0 {
		b.Queue(sql, c.nodes, c.dates, c.amounts)
	}
}

func queueSettlements(b *pgx.Batch, changes []line.BucketChange) {
	var added, taken buckets
	for _, c := range changes {
		if c.Amount.IsPositive() {
			added.add(c.Bucket, c.Amount)
		} else {
			taken.add(c.Bucket, c.Amount.Neg())
		}
	}
	added.queue(b, addSettlementsSQL)
	taken.queue(b, takeSettlementsSQL)
}

// members holds, by column, changes of members' exposures of one sign.
type members struct{ groups, clients, amounts []string }

func (c *members) add(m line.Member, amount decimal.Decimal) {
	c.groups, c.clients = append(c.groups, key(line.Group, m.Group)), append(c.clients, key(line.Client, m.Client))
	c.amounts = append(c.amounts, amount.String())
}

func (c *members) queue(b *pgx.Batch, sql string) {
	if len(c.groups) > 0 {
		b.Queue(sql, c.groups, c.clients, c.amounts)
	}
}

func queueMembers(b *pgx.Batch, changes []line.MemberChange) {
	var added, taken members
	for _, c := range changes {
		if c.Amount.IsPositive() {
			added.add(c.Member, c.Amount)
		} else {
			taken.add(c.Member, c.Amount.Neg())
		}
	}
	added.queue(b, addMembersSQL)
	taken.queue(b, takeMembersSQL)
}

func queueParts(b *pgx.Batch, resolved []line.Reservation) {
	if len(resolved) == 0 {
		return
	}
	var ids, states, open, taken, sourceTaken []string
	var closed []bool
	var legs legs
	for _, r := range resolved {
		ids, states = append(ids, r.ID), append(states, string(r.State))
		open, taken, closed = append(open, r.Open.String()), append(taken, r.Taken.String()), append(closed, r.Closed)
		sourceTaken = append(sourceTaken, r.From.Taken.String())
		legs.add(r.Settled)
	}
	b.Queue(setPartsSQL, ids, states, open, taken, closed, legs.near, legs.far, sourceTaken)
}

func queueFigures(b *pgx.Batch, measured []line.Reservation) {
	if len(measured) == 0 {
		return
	}
	var ids, exposures []string
	var near, far settlements
	for _, r := range measured {
		ids, exposures = append(ids, r.ID), append(exposures, r.Exposure.String())
		near.add(r.Settlements, 0)
		far.add(r.Settlements, 1)
	}
	b.Queue(setFiguresSQL, ids, exposures, near.dates, near.amounts, far.dates, far.amounts)
}

// legs holds, by column, which legs are settled.
type legs struct{ near, far []bool }

func (c *legs) add(l line.Legs) { c.near, c.far = append(c.near, l[0]), append(c.far, l[1]) }

// reservations holds new rows by column.
type reservations struct {
	ids, kinds, providers, groups, desks, dealers, clients, exposures []string
	states, basis, nodes                                              []string
	near, far                                                         settlements
	expiries                                                          []time.Time
	terms                                                             terms
}

// terms holds what new rows were asked for, and their parts, by column.
type terms struct {
	pairs, currencies, sides, amounts, open, taken []string
	dates                                          []*time.Time
	netted, closed                                 []bool
	settled                                        legs
	from                                           sources
}

// sources holds what new rows took over, by column.
type sources struct{ ids, parts, taken []string }

func (c *sources) add(s line.Source) {
	c.ids, c.parts, c.taken = append(c.ids, s.ID), append(c.parts, s.Part.String()), append(c.taken, s.Taken.String())
}

func (c *terms) add(r line.Reservation) {
	t := r.Terms
	c.pairs, c.currencies, c.sides = append(c.pairs, t.Pair), append(c.currencies, t.Currency), append(c.sides, string(t.Side))
	c.amounts, c.open, c.taken = append(c.amounts, t.Amount.String()), append(c.open, r.Open.String()), append(c.taken, r.Taken.String())
	c.from.add(r.From)
	c.settled.add(r.Settled)
	var date *time.Time
	if !t.ValueDate.IsZero() {
		at := t.ValueDate.Time()
		date = &at
	}
	c.dates, c.netted, c.closed = append(c.dates, date), append(c.netted, t.Netted), append(c.closed, r.Closed)
}

type settlements struct {
	dates   []*time.Time
	amounts []*string
}

// add appends the i-th settlement, or null if there is none.
func (c *settlements) add(list []line.Settlement, i int) {
	if i >= len(list) {
		c.dates, c.amounts = append(c.dates, nil), append(c.amounts, nil)
		return
	}
	amount := list[i].Amount.String()
	c.dates, c.amounts = append(c.dates, &list[i].ValueDate), append(c.amounts, &amount)
}

func (c *reservations) add(r line.Reservation) {
	c.ids, c.kinds, c.providers = append(c.ids, r.ID), append(c.kinds, string(r.Kind)), append(c.providers, r.Provider)
	c.groups = append(c.groups, key(line.Group, r.Path.Group))
	c.desks = append(c.desks, key(line.Desk, r.Path.Desk))
	c.dealers = append(c.dealers, key(line.Dealer, r.Path.Dealer))
	c.clients = append(c.clients, key(line.Client, r.Path.Client))
	c.exposures = append(c.exposures, r.Exposure.String())
	c.near.add(r.Settlements, 0)
	c.far.add(r.Settlements, 1)
	c.states, c.expiries = append(c.states, string(r.State)), append(c.expiries, r.ExpiresAt)
	c.basis, c.nodes = append(c.basis, text(r.Record.Basis)), append(c.nodes, text(r.Record.Nodes))
	c.terms.add(r)
}

func queueReservations(b *pgx.Batch, added []line.Reservation) {
	if len(added) == 0 {
		return
	}
	var c reservations
	for _, r := range added {
		c.add(r)
	}
	b.Queue(insertReservationsSQL, c.ids, c.kinds, c.providers, c.groups, c.desks, c.clients, c.exposures,
		c.near.dates, c.near.amounts, c.far.dates, c.far.amounts, c.states, c.expiries, c.basis, c.nodes,
		c.terms.pairs, c.terms.currencies, c.terms.sides, c.terms.amounts, c.terms.open, c.terms.taken, c.terms.dates, c.terms.netted,
		c.terms.closed, c.terms.settled.near, c.terms.settled.far, c.terms.from.ids, c.terms.from.parts, c.terms.from.taken, c.dealers)
}

// text returns the value for a JSON column: JSON null if there is nothing to store.
func text(json []byte) string {
	if len(json) == 0 {
		return "null"
	}
	return string(json)
}

// key returns the key of a node, or "" if the id is empty.
func key(level line.Level, id string) string {
	if id == "" {
		return ""
	}
	return line.Node{Level: level, ID: id}.String()
}
