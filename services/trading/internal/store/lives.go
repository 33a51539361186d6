package store

import (
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/services/trading/internal/trade"
)

// Lives maps a version of a trade to its life. It is filled when the batch has been sent. A version that is not
// registered is absent.
type Lives map[trade.Ref]*trade.Life

// QueueLives queues the query that loads and locks the lives of the given versions. refs may contain duplicates.
func QueueLives(b *pgx.Batch, refs []trade.Ref) Lives {
	lives := make(Lives, len(refs))
	if len(refs) == 0 {
		return lives
	}
	ids, versions := refColumns(refs)
	b.Queue(livesSQL, ids, versions).Query(lives.scan)
	return lives
}

// refColumns returns versions of trades as the two columns by which queries take them.
func refColumns(refs []trade.Ref) (ids []string, versions []int) {
	ids, versions = make([]string, len(refs)), make([]int, len(refs))
	for i, ref := range refs {
		ids[i], versions[i] = ref.ID, ref.Version
	}
	return ids, versions
}

func (l Lives) scan(rows pgx.Rows) error {
	for rows.Next() {
		var ref trade.Ref
		var life trade.Life
		var product trade.Product
		var assigned, booked, refused, settled *time.Time
		a, k, r := &life.Assignment, &life.Booking, &life.Refusal
		err := rows.Scan(&ref.ID, &ref.Version, &life.Status, &a.Desk, &a.Trader, &assigned, &k.Reference, &booked,
			&r.Code, &r.Text, &refused, &product, &life.Settled, &settled)
		if err != nil {
			return fmt.Errorf("read the life of a trade: %w", err)
		}
		a.At, k.At, r.At = orZero(assigned), orZero(booked), orZero(refused)
		life.Legs, life.ExecutedAt = product.Legs(), orZero(settled)
		l[ref] = &life
	}
	return rows.Err()
}

// QueueSave queues the update of the lives of the changed versions.
func (l Lives) QueueSave(b *pgx.Batch, changed map[trade.Ref]bool) {
	if len(changed) == 0 {
		return
	}
	var c lifeColumns
	for ref := range changed {
		c.add(ref, l[ref])
	}
	b.Queue(saveLivesSQL, c.ids, c.versions, c.statuses, c.desks, c.traders, c.assigned, c.bookings, c.booked, c.codes, c.texts, c.refused,
		c.settledLegs, c.settled)
}

type lifeColumns struct {
	ids, statuses, desks, traders, bookings, codes, texts []string
	versions                                              []int
	settledLegs                                           []int16
	assigned, booked, refused, settled                    []*time.Time
}

func (c *lifeColumns) add(ref trade.Ref, life *trade.Life) {
	c.ids = append(c.ids, ref.ID)
	c.versions = append(c.versions, ref.Version)
	c.statuses = append(c.statuses, string(life.Status))
	c.desks = append(c.desks, clean(life.Assignment.Desk))
	c.traders = append(c.traders, clean(life.Assignment.Trader))
	c.assigned = append(c.assigned, known(life.Assignment.At))
	c.bookings = append(c.bookings, clean(life.Booking.Reference))
	c.booked = append(c.booked, known(life.Booking.At))
	c.codes = append(c.codes, clean(life.Refusal.Code))
	c.texts = append(c.texts, clean(life.Refusal.Text))
	c.refused = append(c.refused, known(life.Refusal.At))
	c.settledLegs, c.settled = append(c.settledLegs, int16(life.Settled)), append(c.settled, known(life.ExecutedAt)) //nolint:gosec // two bits
}
