// Package store keeps the API's read model: trades, the requests that callers made, and hashes of tokens.
package store

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/services/api/internal/blotter"
)

// Migrations creates the schema of the API.
//
//go:embed migrations/*.sql facts.txt
var Migrations embed.FS

var (
	//go:embed queries/add.sql
	addSQL string
	//go:embed queries/lock.sql
	lockSQL string
	//go:embed queries/write.sql
	writeSQL string
)

// Trades maps a trade's id to its facts.
type Trades map[string]*blotter.Facts

// QueueLock queues the lock of the trades that have a row. The result is filled when the batch has been sent. A trade without a row is
// not locked: see QueueWrite.
func QueueLock(b *pgx.Batch, ids []string) Trades {
	found := make(Trades, len(ids))
	if len(ids) > 0 {
		b.Queue(lockSQL, ids).Query(found.scan)
	}
	return found
}

func (t Trades) scan(rows pgx.Rows) error {
	var id string
	var document []byte
	_, err := pgx.ForEachRow(rows, []any{&id, &document}, func() error {
		facts := &blotter.Facts{}
		t[id] = facts
		return json.Unmarshal(document, facts)
	})
	if err != nil {
		return fmt.Errorf("load trades: %w", err)
	}
	return nil
}

// QueueWrite queues what is new about trades: an update of those that QueueLock has found, and an insert of the others. If another
// replica has inserted one of them meanwhile, the insert fails by its key (23505), and the batch is handled again.
func QueueWrite(b *pgx.Batch, found, changed Trades) {
	var updated, added columns
	for _, id := range slices.Sorted(maps.Keys(changed)) { // in one order, so that two replicas cannot wait for each other
		if found[id] != nil {
			updated.add(id, changed[id])
		} else {
			added.add(id, changed[id])
		}
	}
	updated.queue(b, writeSQL)
	added.queue(b, addSQL)
}

// columns are the rows to write, by column.
type columns struct {
	ids, states, clients, desks, pairs, products, providers []string

	dates     []*string
	documents []string
}

func (c *columns) queue(b *pgx.Batch, statement string) {
	if len(c.ids) > 0 {
		b.Queue(statement, c.ids, c.states, c.clients, c.desks, c.pairs, c.products, c.providers, c.dates, c.documents)
	}
}

func (c *columns) add(id string, f *blotter.Facts) {
	f.ID = id
	document, _ := json.Marshal(f) // texts, numbers and times that came as JSON: never fails
	t := f.Trade()
	c.ids, c.states, c.documents = append(c.ids, id), append(c.states, string(t.State)), append(c.documents, string(document))
	c.clients, c.desks = append(c.clients, storable(t.Client)), append(c.desks, storable(t.Desk))
	c.pairs, c.products = append(c.pairs, storable(t.Pair)), append(c.products, storable(t.Product))
	c.providers, c.dates = append(c.providers, storable(t.Provider)), append(c.dates, date(t.TradeDate))
}

// date returns nil for a text that is no date: a request may hold anything.
func date(text string) *string {
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return nil
	}
	return &text
}

// storable removes the one character that Postgres cannot store in a text.
func storable(text string) string { return strings.ReplaceAll(text, "\x00", "") }
