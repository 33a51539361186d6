package store

import (
	_ "embed" // the query
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"fxcore/services/trading/internal/messages"
)

//go:embed queries/list_trades.sql
var listTradesSQL string

// QueueListing queues the query for the trades that a request asks for, at most one more than an answer lists. The result is filled
// when the batch has been sent.
func QueueListing(b *pgx.Batch, r messages.TradesRequested) *[]messages.ListedTrade {
	found := &[]messages.ListedTrade{}
	b.Queue(listTradesSQL, r.AfterTrade, r.AfterVersion, r.Before, messages.MaxListed+1).Query(func(rows pgx.Rows) (err error) {
		if *found, err = pgx.CollectRows(rows, listed); err != nil {
			return fmt.Errorf("list trades: %w", err)
		}
		return nil
	})
	return found
}

func listed(row pgx.CollectableRow) (t messages.ListedTrade, err error) {
	var legs []byte
	if err := row.Scan(&t.TradeID, &t.Version, &t.Provider, &t.Client, &t.Account, &t.Desk, &t.Product, &t.Pair, &t.Booked, &legs); err != nil {
		return t, err
	}
	return t, json.Unmarshal(legs, &t.Legs)
}
