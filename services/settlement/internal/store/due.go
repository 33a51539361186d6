package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/services/contract/fxdate"
	"fxcore/services/settlement/internal/obligation"
)

// Place is where a leg stands in the order in which a run takes what is due: by value date and client. The zero Place is before
// all of them.
type Place struct {
	ValueDate fxdate.Date    `json:"value_date"`
	Client    string         `json:"client"`
	From      time.Time      `json:"from"`
	Ref       obligation.Ref `json:"ref"`
}

// PlaceOf returns the place of a leg.
func PlaceOf(leg *obligation.Obligation) Place {
	return Place{leg.ValueDate, leg.Client, leg.Window.From, leg.Ref}
}

// Wanted says which due legs a part of a run takes.
type Wanted struct {
	Now   time.Time
	Nets  []string // clients whose legs of a date are due as soon as one of them is
	After Place
	Limit int
}

// Due holds the legs that a part of a run takes, by place.
type Due struct {
	Legs  []*obligation.Obligation
	Found int // how many there were before another transaction took one; at the limit there may be more
}

// Ahead bounds how long before its value date a leg can be due: five business days, and the longest closure of a currency.
const Ahead = 31

// none is an id before all others.
const none = "00000000-0000-0000-0000-000000000000"

// QueueDue queues the query that locks the next due legs.
func QueueDue(b *pgx.Batch, w Wanted) *Due {
	due, after := &Due{}, w.After
	if after.Ref.TradeID == "" {
		after.Ref.TradeID = none
	}
	b.Queue(lockDueSQL, w.Now, fxdate.DateOf(w.Now).AddDays(Ahead).Time(), w.Nets, after.ValueDate.Time(), after.Client, after.From,
		after.Ref.TradeID, after.Ref.Version, after.Ref.Leg, w.Limit).Query(due.read)
	return due
}

func (d *Due) read(rows pgx.Rows) error {
	var row obligationRow
	var former, booking *string
	_, err := pgx.ForEachRow(rows, []any{&row, &former, &booking, &d.Found}, func() error {
		leg, err := row.obligation()
		switch {
		case booking != nil:
			leg.BookingRefused = cmp.Or(leg.BookingRefused, *booking)
		default:
			leg.Unbooked = leg.BookingRefused == ""
		}
		if former != nil {
			leg.Former = obligation.State(*former)
		}
		d.Legs = append(d.Legs, leg)
		row = obligationRow{}
		return err
	})
	return wrap("lock due legs", err)
}

// Held returns an error that says how many due legs stay open and why, or nil if none does.
func Held(ctx context.Context, pool *pgxpool.Pool) error {
	rows, err := pool.Query(ctx, heldSQL)
	if err != nil {
		return wrap("look for legs that stay open", err)
	}
	var why string
	var count int
	var faults []string
	_, err = pgx.ForEachRow(rows, []any{&why, &count}, func() error {
		faults = append(faults, fmt.Sprintf("%d due legs stay open: %s", count, why))
		return nil
	})
	if err != nil || len(faults) == 0 {
		return wrap("look for legs that stay open", err)
	}
	return errors.New(strings.Join(faults, "; "))
}

// Failed returns how many movements the mainframe has refused, or not answered by their cut-off, and nobody has resolved yet.
func Failed(ctx context.Context, pool *pgxpool.Pool) (count int, err error) {
	return count, wrap("count failed movements", pool.QueryRow(ctx, failedSQL).Scan(&count))
}
