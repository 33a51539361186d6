package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
)

// Review lists the open trades whose value dates are no longer good after a change of the calendars. It moves nothing: a
// person decides about each trade in the table affected_trade. Every replica may run it; one reviews each version.
type Review struct {
	Pool   *pgxpool.Pool
	Market func() (*market.Market, error)
}

// Once reviews the open trades if nobody has done so by the current version of the calendars, and again after an hour: a
// replica may have registered a trade by the version before. It returns how many legs it has listed anew. All is one
// transaction: a replica that dies leaves the version to the others.
func (r Review) Once(ctx context.Context, now time.Time) (found int, err error) {
	m, err := r.Market()
	if err != nil {
		return 0, err
	}
	err = pgx.BeginFunc(ctx, r.Pool, func(tx pgx.Tx) error {
		claimed, err := tx.Exec(ctx, claimReviewSQL, m.CalendarsVersion())
		if err != nil || claimed.RowsAffected() == 0 {
			return err
		}
		if found, err = list(ctx, tx, m, now); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, endReviewSQL, m.CalendarsVersion(), found)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("review open trades: %w", err)
	}
	return found, nil
}

// openDate is a value date on which open trades of a pair settle.
type openDate struct {
	Base, Quote string
	Value       time.Time
}

func list(ctx context.Context, tx pgx.Tx, m *market.Market, now time.Time) (int, error) {
	rows, err := tx.Query(ctx, openDatesSQL, fxdate.DateOf(now.UTC()).Time())
	if err != nil {
		return 0, err
	}
	dates, err := pgx.CollectRows(rows, pgx.RowToStructByPos[openDate])
	if err != nil {
		return 0, err
	}
	var bases, quotes, closures []string
	var values []time.Time
	for _, d := range dates {
		if closure, closed := closureOf(m, d); closed {
			bases, quotes, closures, values = append(bases, d.Base), append(quotes, d.Quote), append(closures, closure), append(values, d.Value)
		}
	}
	if len(values) == 0 {
		return 0, nil
	}
	listed, err := tx.Exec(ctx, listAffectedSQL, bases, quotes, values, closures, m.CalendarsVersion())
	return int(listed.RowsAffected()), err
}

// closureOf says why a pair cannot settle on a date. A pair that the bank no longer deals has no calendar to judge by.
func closureOf(m *market.Market, d openDate) (string, bool) {
	pair, err := m.Pair(d.Base + "/" + d.Quote)
	if err != nil {
		return "", false
	}
	closure, closed := pair.Closed(fxdate.DateOf(d.Value.UTC()))
	return closure.String(), closed
}
