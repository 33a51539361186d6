package store

import (
	_ "embed" // the queries

	"github.com/jackc/pgx/v5"

	"fxcore/services/settlement/internal/obligation"
)

var (
	//go:embed queries/lock_versions.sql
	lockVersionsSQL string
	//go:embed queries/supersede.sql
	supersedeSQL string
)

// Versions holds the locked legs of all versions of trades, by trade.
type Versions map[string][]*obligation.Obligation

// QueueVersions queues the query that locks the legs of trades.
func QueueVersions(b *pgx.Batch, trades []string) Versions {
	all := Versions{}
	if len(trades) == 0 {
		return all
	}
	b.Queue(lockVersionsSQL, trades).Query(func(rows pgx.Rows) error {
		var row obligationRow
		_, err := pgx.ForEachRow(rows, []any{&row}, func() error {
			leg, err := row.obligation()
			all[row.TradeID] = append(all[row.TradeID], leg)
			row = obligationRow{}
			return err
		})
		return wrap("lock versions of trades", err)
	})
	return all
}

// QueueSupersede queues the update that marks legs which a later version has replaced.
func QueueSupersede(b *pgx.Batch, legs []obligation.Ref) {
	if len(legs) == 0 {
		return
	}
	var ids []string
	var versions []int
	var numbers []int16
	for _, leg := range legs {
		ids, versions, numbers = append(ids, leg.TradeID), append(versions, leg.Version), append(numbers, int16(leg.Leg))
	}
	b.Queue(supersedeSQL, ids, versions, numbers)
}
