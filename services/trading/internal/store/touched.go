package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
)

const dollar = "USD"

// touched is what the calendars have against a date; nothing if closure is "".
type touched struct {
	closure string
	broken  bool // one of the pair's currencies settles: fine for a leg that was dealt as a broken date
}

// touchedBy judges a value date of open trades as a usual date, on which the pair's currencies and the dollar settle. A broken date
// is good only for a leg that was dealt as one. A pair that the bank no longer deals is judged by its currencies' calendars. Error:
// market.ErrNoData if one of them has none.
func touchedBy(m *market.Market, d openDate) (touched, error) {
	value := fxdate.DateOf(d.Value.UTC())
	all, err := m.Calendars(d.Base, d.Quote, dollar)
	if err != nil {
		return touched{}, err
	}
	closure, closed := all.Closed(value)
	if !closed {
		return touched{}, nil
	}
	return touched{closure: closure.String(), broken: all[0].IsBusinessDay(value) || all[1].IsBusinessDay(value)}, nil
}

// touchedDates are the dates that the calendars touch, by column.
type touchedDates struct {
	bases, quotes, closures []string
	values                  []time.Time
	broken                  []bool
}

func (t *touchedDates) add(d openDate, by touched) {
	t.bases, t.quotes, t.values = append(t.bases, d.Base), append(t.quotes, d.Quote), append(t.values, d.Value)
	t.closures, t.broken = append(t.closures, by.closure), append(t.broken, by.broken)
}

// list lists the legs on these dates, and returns how many were not listed before.
func (t *touchedDates) list(ctx context.Context, tx pgx.Tx, version int64) (int, error) {
	if len(t.values) == 0 {
		return 0, nil
	}
	listed, err := tx.Exec(ctx, listAffectedSQL, t.bases, t.quotes, t.values, t.closures, t.broken, version)
	return int(listed.RowsAffected()), err
}
