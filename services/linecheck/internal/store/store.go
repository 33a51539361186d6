// Package store keeps the lines' use in Postgres: node_usage, settlement_usage and reservation.
//
// Whoever changes any of them holds the locks of the nodes concerned, which every transaction takes first and in one
// order ([line.LockOrder]). So two transactions can not wait for each other, and what was read under the locks holds until
// the commit.
package store

import (
	"embed"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/shopspring/decimal"

	"fxcore/services/linecheck/internal/line"
)

// Migrations make the schema of linecheck.
//
//go:embed migrations/*.sql
var Migrations embed.FS

// scanUsage puts locked nodes into the book.
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

// scanReservations puts reservations into the book.
func scanReservations(book *line.Book) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		for rows.Next() {
			r, err := scanReservation(rows)
			if err != nil {
				return wrap("load reservations", err)
			}
			if _, known := book.Reservation(r.ID); !known { // a lapsed one may be asked for, too
				book.LoadReservation(r)
			}
		}
		return wrap("load reservations", rows.Err())
	}
}

func scanReservation(rows pgx.Rows) (line.Reservation, error) {
	var r line.Reservation
	var group, desk, client string
	var near, far settlement
	err := rows.Scan(&r.ID, &r.Kind, &r.Provider, &group, &desk, &client, &r.Exposure,
		&near.date, &near.amount, &far.date, &far.amount, &r.State, &r.ExpiresAt, &r.Record.Basis, &r.Record.Nodes)
	if err != nil {
		return r, err
	}
	r.Settlements = append(near.list(), far.list()...)
	r.Path, err = pathOf(group, desk, client)
	return r, err
}

// settlement is one leg's in a row; a missing leg is null.
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
