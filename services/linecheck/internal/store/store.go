// Package store keeps the usage of the lines in Postgres, in the tables node_usage, settlement_usage and reservation.
//
// A transaction that changes any of them first locks the nodes concerned, in one order for all transactions
// ([line.LockOrder]). So transactions cannot deadlock, and data that was read under the locks stays valid until the
// commit.
//
// Settled legs are the exception: [QueueSettling] locks reservations, and [QueueFreed] the nodes after them. Nobody else changes the
// reservation of a trade that is settled, but for what comes late or again. Two such transactions can deadlock; PostgreSQL ends one of them,
// and it is handled again.
package store

import (
	"embed"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/linecheck/internal/line"
)

// Migrations creates the schema of linecheck.
//
//go:embed migrations/*.sql facts.txt
var Migrations embed.FS

// scanUsage loads the usage of locked nodes into the book.
func scanUsage(book *line.Book) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		var key string
		var u line.Usage
		_, err := pgx.ForEachRow(rows, []any{&key, &u.Reserved, &u.Consumed}, func() error {
			n, err := line.ParseNode(key)
			if err != nil {
				return err
			}
			book.LoadUsage(n, u)
			return nil
		})
		return wrap("lock nodes", err)
	}
}

// scanReservations loads reservations into the book.
func scanReservations(book *line.Book) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		for rows.Next() {
			r, sets, kept, err := scanReservation(rows)
			if err == nil {
				r.Earmarks, err = earmarksOf(kept)
			}
			if err == nil {
				err = loadNetting(book, &r, sets)
			}
			if err != nil {
				return wrap("load reservations", err)
			}
			if _, known := book.Reservation(r.ID); !known { // a lapsed reservation may also be one that a request names
				book.LoadReservation(r)
			}
		}
		return wrap("load reservations", rows.Err())
	}
}

// scanReservation returns the reservation of a row, and as JSON its amounts and netting sets, if it is netted, and its earmarks.
func scanReservation(rows pgx.Rows) (r line.Reservation, sets, kept []byte, err error) {
	var group, desk, dealer, client string
	var near, far settlement
	var date pgtype.Date
	t := &r.Terms
	err = rows.Scan(&r.ID, &r.Kind, &r.Provider, &group, &desk, &dealer, &client, &r.Exposure,
		&near.date, &near.amount, &far.date, &far.amount, &r.State, &r.ExpiresAt, &r.Record.Basis, &r.Record.Nodes,
		&t.Pair, &t.Currency, &t.Side, &t.Amount, &r.Open, &r.Taken, &date, &t.Netted, &r.Closed, &r.Settled[0],
		&r.Settled[1], &r.From.ID, &r.From.Part, &r.From.Taken, &sets, &kept)
	if err != nil {
		return r, nil, nil, err
	}
	if date.Valid {
		t.ValueDate = fxdate.DateOf(date.Time)
	}
	r.Settlements = append(near.list(), far.list()...)
	r.Path, err = pathOf(group, desk, dealer, client)
	return r, sets, kept, err
}

// settlement is the settlement of one leg in a row; it is null if the leg is missing.
type settlement struct {
	date   pgtype.Date
	amount decimal.NullDecimal
}

func (s settlement) list() []line.Settlement {
	if !s.date.Valid {
		return nil
	}
	return []line.Settlement{{ValueDate: s.date.Time, Amount: s.amount.Decimal}}
}

func pathOf(keys ...string) (line.Path, error) {
	nodes := make([]line.Node, 0, len(keys))
	for _, key := range keys {
		if key == "" {
			continue
		}
		n, err := line.ParseNode(key)
		if err != nil {
			return line.Path{}, err
		}
		nodes = append(nodes, n)
	}
	return line.PathOf(nodes...), nil
}

func wrap(what string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
