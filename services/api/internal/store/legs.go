package store

import (
	"cmp"
	"context"
	_ "embed" // the queries
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/services/api/internal/blotter"
)

var (
	//go:embed queries/leg.sql
	legSQL string
	//go:embed queries/legs.sql
	legsSQL string
	//go:embed queries/movement.sql
	movementSQL string
)

// SettledLeg is a leg of a trade that was settled or failed.
type SettledLeg struct {
	TradeID string `json:"trade_id"`
	Client  string `json:"client"` // read only
	Desk    string `json:"-"`      // read only, of a movement
	State   string `json:"state" enum:"settled,failed"`
	blotter.Settlement
}

// Compare orders legs by their key, the same for all replicas.
func (l SettledLeg) Compare(o SettledLeg) int {
	return cmp.Or(cmp.Compare(l.TradeID, o.TradeID), cmp.Compare(l.Version, o.Version), cmp.Compare(l.Leg, o.Leg))
}

// QueueLegs queues what became of legs, which are sorted by [SettledLeg.Compare]. A settled leg stays settled; of two failures the later one
// stays. A statement writes a row once: what is told of a leg again waits for the next one.
func QueueLegs(b *pgx.Batch, legs []SettledLeg) {
	for len(legs) > 0 {
		var once legColumns
		var again []SettledLeg
		for i, l := range legs {
			if i > 0 && l.Compare(legs[i-1]) == 0 {
				again = append(again, l)
			} else {
				once.add(l)
			}
		}
		once.queue(b)
		legs = again
	}
}

// legColumns are the rows of legs to write, by column.
type legColumns struct {
	trades, states, dates, movements, references, codes, texts []string

	versions, legs []int
	byHand         []bool
	at             []time.Time
}

func (c *legColumns) add(l SettledLeg) {
	state, s := "settled", l.Settlement
	if l.Failed() {
		state = "failed"
	}
	c.trades, c.versions, c.legs = append(c.trades, l.TradeID), append(c.versions, s.Version), append(c.legs, s.Leg)
	c.states, c.dates, c.movements = append(c.states, state), append(c.dates, s.ValueDate), append(c.movements, s.MovementID)
	c.references, c.byHand = append(c.references, s.Reference), append(c.byHand, s.ByHand)
	c.codes, c.texts, c.at = append(c.codes, s.Code), append(c.texts, s.Text), append(c.at, s.At)
}

func (c *legColumns) queue(b *pgx.Batch) {
	b.Queue(legSQL, c.trades, c.versions, c.legs, c.states, c.dates, c.movements, c.references, c.byHand, c.codes, c.texts, c.at)
}

// LegFilter selects legs. An empty field takes all.
type LegFilter struct {
	Desk, Client string
	State        string
	From, To     string // value dates, YYYY-MM-DD

	After LegPlace // the zero place: from the beginning
}

// LegPlace is where a leg stands in a list.
type LegPlace struct {
	ValueDate, TradeID string
	Version, Leg       int
}

// Place returns where the leg stands in a list.
func (l SettledLeg) Place() LegPlace { return LegPlace{l.ValueDate, l.TradeID, l.Version, l.Leg} }

// Legs returns at most limit legs, the latest value date first.
func (m Model) Legs(ctx context.Context, f LegFilter, limit int) ([]SettledLeg, error) {
	legs, err := collect(ctx, m, readLeg, legsSQL, wish(f.Desk), wish(f.Client), wish(f.State), wish(f.From), wish(f.To), limit,
		wish(f.After.ValueDate), wish(f.After.TradeID), f.After.Version, f.After.Leg)
	if err != nil {
		return nil, fmt.Errorf("list settlements: %w", err)
	}
	return legs, nil
}

func readLeg(row pgx.CollectableRow) (l SettledLeg, err error) {
	s := &l.Settlement
	err = row.Scan(&l.TradeID, &l.Client, &l.State, &s.Version, &s.Leg, &s.ValueDate, &s.MovementID, &s.Reference, &s.ByHand, &s.Code, &s.Text, &s.At)
	return l, err
}

// Movement returns the legs that a movement has settled, or has failed to settle; none if the read model has not heard of it.
func (m Model) Movement(ctx context.Context, id string) ([]SettledLeg, error) {
	rows, err := m.Pool.Query(ctx, movementSQL, id)
	if err != nil {
		return nil, fmt.Errorf("read movement %s: %w", id, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (l SettledLeg, err error) {
		s := &l.Settlement
		err = row.Scan(&l.TradeID, &l.Client, &l.Desk, &l.State, &s.Version, &s.Leg, &s.ValueDate, &s.MovementID, &s.Reference, &s.ByHand, &s.Code, &s.Text, &s.At)
		return l, err
	})
}
