package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
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

// UnjudgedError names the pairs of open trades whose dates nobody can judge now, with what is missing.
type UnjudgedError struct{ Pairs []string }

// Error names a few of the pairs.
func (e *UnjudgedError) Error() string {
	const named = 5
	return fmt.Sprintf("the value dates of open trades in %d pairs cannot be judged: %s", len(e.Pairs), strings.Join(e.Pairs[:min(len(e.Pairs), named)], "; "))
}

// Once reviews the open trades if nobody has done so by the current version of the calendars, and again after an hour: a
// replica may have registered a trade by the version before. Where a pair could not be judged it is after a minute. Once returns
// how many legs it has listed anew. All is one transaction: a replica that dies leaves the version to the others. Error: an
// *UnjudgedError on every replica while the last review lacks pairs; the others are judged.
func (r Review) Once(ctx context.Context, now time.Time) (found int, err error) {
	m, err := r.Market()
	if err != nil {
		return 0, err
	}
	var unjudged []string
	err = pgx.BeginFunc(ctx, r.Pool, func(tx pgx.Tx) error {
		claimed, err := tx.Exec(ctx, claimReviewSQL, m.CalendarsVersion())
		if err != nil {
			return err
		}
		if claimed.RowsAffected() == 0 {
			return tx.QueryRow(ctx, unjudgedSQL, m.CalendarsVersion()).Scan(&unjudged)
		}
		if found, unjudged, err = list(ctx, tx, m, now); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, endReviewSQL, m.CalendarsVersion(), found, unjudged)
		return err
	})
	switch {
	case err != nil:
		return 0, fmt.Errorf("review open trades: %w", err)
	case len(unjudged) > 0:
		return found, &UnjudgedError{unjudged}
	}
	return found, nil
}

// openDate is a value date on which open trades of a pair settle.
type openDate struct {
	Base, Quote string
	Value       time.Time
}

// list lists the legs on dates that are no longer good, and returns the pairs that cannot be judged.
func list(ctx context.Context, tx pgx.Tx, m *market.Market, now time.Time) (found int, unjudged []string, err error) {
	rows, err := tx.Query(ctx, openDatesSQL, fxdate.DateOf(now.UTC()).Time())
	if err != nil {
		return 0, nil, err
	}
	dates, err := pgx.CollectRows(rows, pgx.RowToStructByPos[openDate])
	if err != nil {
		return 0, nil, err
	}
	unjudged = []string{}
	var touched touchedDates
	for _, d := range dates {
		t, err := touchedBy(m, d)
		switch {
		case err != nil:
			unjudged = append(unjudged, d.Base+"/"+d.Quote+": "+err.Error())
		case t.closure != "":
			touched.add(d, t)
		}
	}
	slices.Sort(unjudged)
	found, err = touched.list(ctx, tx, m.CalendarsVersion())
	return found, slices.Compact(unjudged), err
}
