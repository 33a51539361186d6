package store

import (
	_ "embed" // the queries
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/services/contract/fxdate"
	"fxcore/services/settlement/internal/balancing"
)

var (
	//go:embed queries/positions.sql
	positionsSQL string
	//go:embed queries/insert_balancing.sql
	insertBalancingSQL string
)

// QueuePositions queues the query for a desk's positions of live dates in other currencies than its own. The result is
// filled when the batch has been sent.
func QueuePositions(b *pgx.Batch, rule balancing.Rule, live Live) *[]balancing.Position {
	found := &[]balancing.Position{}
	b.Queue(positionsSQL, rule.Desk, rule.Currency, live.Since.Time(), live.BookedSince).Query(func(rows pgx.Rows) error {
		var p balancing.Position
		var date time.Time
		_, err := pgx.ForEachRow(rows, []any{&p.Currency, &date, &p.Amount}, func() error {
			p.ValueDate = fxdate.DateOf(date)
			*found = append(*found, p)
			return nil
		})
		return wrap("add up positions", err)
	})
	return found
}

// QueueBalancing queues the insert of the deals of one desk. postings has the posting of each; empty where there was no deal.
func QueueBalancing(b *pgx.Batch, due time.Time, attempt int, rule balancing.Rule, deals []balancing.Deal, postings []string) {
	if len(deals) == 0 {
		return
	}
	var currencies, amounts, rates, counters []string
	var dates []time.Time
	var ids []*string
	for i, d := range deals {
		currencies, dates = append(currencies, d.Position.Currency), append(dates, d.ValueDate.Time())
		amounts, rates, counters = append(amounts, d.Amount.String()), append(rates, d.Rate.String()), append(counters, d.Counter.String())
		ids = append(ids, orNull(postings[i]))
	}
	b.Queue(insertBalancingSQL, due, attempt, rule.Desk, rule.Into, rule.Currency, currencies, dates, amounts, rates, counters, ids)
}
