package store

import (
	"cmp"
	"context"
	_ "embed" // the queries
	"encoding/json"
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

	FailedSince *time.Time     `json:"failed_since,omitempty" doc:"When the leg failed for the first time"`                       // read only
	Asked       *blotter.Asked `json:"asked,omitempty" doc:"A command about the movement, of which the outcome is not known yet"` // read only

	Exchange *Exchange `json:"exchange,omitempty" doc:"Of a failed leg: what it exchanges"` // read only
}

// Exchange is what a leg exchanges, seen from the client. Side is that of the base currency.
type Exchange struct {
	Side        string `json:"side" enum:"buy,sell"`
	Base        string `json:"base"`
	BaseAmount  string `json:"base_amount"`
	Quote       string `json:"quote"`
	QuoteAmount string `json:"quote_amount"`
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
	attempts       []int
	notAfter       []*time.Time
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
	c.attempts, c.notAfter = append(c.attempts, s.Attempt), append(c.notAfter, s.NotAfter)
}

func (c *legColumns) queue(b *pgx.Batch) {
	b.Queue(legSQL, c.trades, c.versions, c.legs, c.states, c.dates, c.movements, c.references, c.byHand, c.codes, c.texts, c.at, c.attempts, c.notAfter)
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
	err = l.read(row, &l.TradeID, &l.Client, &l.State)
	return l, err
}

// read reads the columns that all queries of legs end with, after those before them.
func (l *SettledLeg) read(row pgx.CollectableRow, before ...any) error {
	var facts []byte
	var command *string
	var at *time.Time
	s, asked := &l.Settlement, blotter.Asked{}
	if err := row.Scan(append(before, &s.Version, &s.Leg, &s.ValueDate, &s.MovementID, &s.Reference, &s.ByHand, &s.Code, &s.Text, &s.At,
		&s.Attempt, &s.NotAfter, &l.FailedSince, &command, &asked.Action, &asked.By, &at, &facts)...); err != nil {
		return err
	}
	if command != nil && at != nil {
		asked.CommandID, asked.MovementID, asked.At = *command, s.MovementID, *at
		l.Asked = &asked
	}
	return l.exchange(facts)
}

// exchange reads what the leg exchanges from the facts of its trade; nil leaves it unknown.
func (l *SettledLeg) exchange(facts []byte) error {
	if facts == nil {
		return nil
	}
	var f blotter.Facts
	if err := json.Unmarshal(facts, &f); err != nil {
		return err
	}
	if leg, known := f.Leg(l.Version, l.Settlement.Leg); known {
		l.Exchange = &Exchange{leg.Side, leg.Base, leg.BaseAmount, leg.Quote, leg.QuoteAmount}
	}
	return nil
}

// Movement returns the legs that a movement has settled, or has failed to settle; none if the read model has not heard of it.
func (m Model) Movement(ctx context.Context, id string) ([]SettledLeg, error) {
	rows, err := m.Pool.Query(ctx, movementSQL, id)
	if err != nil {
		return nil, fmt.Errorf("read movement %s: %w", id, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (l SettledLeg, err error) {
		err = l.read(row, &l.TradeID, &l.Client, &l.Desk, &l.State)
		return l, err
	})
}
