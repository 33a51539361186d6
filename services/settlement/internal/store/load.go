package store

import (
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/services/contract/fxdate"
	"fxcore/services/settlement/internal/movement"
	"fxcore/services/settlement/internal/obligation"
)

// Known holds the legs that are there already.
type Known map[obligation.Ref]bool

// QueueKnown queues the query for the legs of trades. The result is filled when the batch has been sent.
func QueueKnown(b *pgx.Batch, trades []string) Known {
	known := make(Known, len(trades))
	if len(trades) == 0 {
		return known
	}
	b.Queue(knownSQL, trades).Query(func(rows pgx.Rows) error {
		var ref obligation.Ref
		_, err := pgx.ForEachRow(rows, []any{&ref.TradeID, &ref.Version, &ref.Leg}, func() error {
			known[ref] = true
			return nil
		})
		return wrap("look for legs", err)
	})
	return known
}

// Movement is a movement with the legs that it settles.
type Movement struct {
	movement.Movement
	Legs     []*obligation.Obligation
	Unbooked int // legs of trades that the mainframe has not booked; only a locked movement says so
}

// Movements holds locked movements by id.
type Movements map[string]*Movement

// QueueMovements queues the query that locks movements with their legs. One that does not exist is absent.
func (m Movements) QueueMovements(b *pgx.Batch, ids []string) {
	if len(ids) > 0 {
		b.Queue(lockMovementsSQL, ids).Query(m.scan)
	}
}

// QueueOverdue queues the query that locks movements whose cut-off has passed without an answer, and early ones whose value date has
// begun, at most limit.
func (m Movements) QueueOverdue(b *pgx.Batch, now time.Time, begun fxdate.Date, limit int) {
	b.Queue(lockOverdueSQL, now, limit, begun.Time()).Query(m.scan)
}

// QueueTooLate queues the query that locks the next movements of value dates before a date that were refused with the code, after an id, at
// most limit.
func (m Movements) QueueTooLate(b *pgx.Batch, code string, before fxdate.Date, after string, limit int) {
	b.Queue(lockTooLateSQL, before.Time(), after, limit, code).Query(m.scan)
}

func (m Movements) scan(rows pgx.Rows) error {
	for rows.Next() {
		var text, legs []byte
		var unbooked int
		if err := rows.Scan(&text, &legs, &unbooked); err != nil {
			return wrap("lock movements", err)
		}
		one, err := readMovement(text, legs)
		if err != nil {
			return wrap("lock movements", err)
		}
		one.Unbooked = unbooked
		m[one.ID] = one
	}
	return wrap("lock movements", rows.Err())
}

func readMovement(text, legs []byte) (*Movement, error) {
	var row movementRow
	if err := json.Unmarshal(text, &row); err != nil {
		return nil, err
	}
	var legRows []obligationRow
	if len(legs) > 0 {
		if err := json.Unmarshal(legs, &legRows); err != nil {
			return nil, err
		}
	}
	plain, err := row.movement()
	if err != nil {
		return nil, err
	}
	one := &Movement{Movement: plain}
	for _, l := range legRows {
		leg, err := l.obligation()
		if err != nil {
			return nil, err
		}
		one.Legs = append(one.Legs, leg)
	}
	return one, nil
}
