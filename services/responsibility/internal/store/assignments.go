// Package store keeps the assignments of trades in the table assignment.
package store

import (
	"embed"
	"fmt"

	"github.com/jackc/pgx/v5"

	"fxcore/services/responsibility/internal/assignment"
)

// Migrations creates the schema of responsibility.
//
//go:embed migrations/*.sql facts.txt
var Migrations embed.FS

var (
	//go:embed queries/select.sql
	selectSQL string
	//go:embed queries/insert.sql
	insertSQL string
)

// Assignments maps a trade's id to its assignment.
type Assignments map[string]assignment.Assignment

// QueueSelect queues the query for the assignments of the trades. The result is filled when the batch has been sent.
func QueueSelect(b *pgx.Batch, trades []string) Assignments {
	found := make(Assignments, len(trades))
	b.Queue(selectSQL, trades).Query(found.scan)
	return found
}

func (a Assignments) scan(rows pgx.Rows) error {
	var id string
	var row assignment.Assignment
	_, err := pgx.ForEachRow(rows, []any{&id, &row.Desk, &row.Trader, &row.Rule}, func() error {
		a[id] = row
		return nil
	})
	if err != nil {
		return fmt.Errorf("load assignments: %w", err)
	}
	return nil
}

// QueueInsert queues the insert of new assignments. It fails the batch (23505) if a trade has an assignment already.
func QueueInsert(b *pgx.Batch, made Assignments) {
	if len(made) == 0 {
		return
	}
	var trades, desks, traders, rules []string
	for id, row := range made {
		trades, desks = append(trades, id), append(desks, row.Desk)
		traders, rules = append(traders, row.Trader), append(rules, row.Rule)
	}
	b.Queue(insertSQL, trades, desks, traders, rules)
}
