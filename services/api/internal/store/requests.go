package store

import (
	"context"
	_ "embed" // the queries
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/services/api/internal/blotter"
)

var (
	//go:embed queries/claim.sql
	claimSQL string
	//go:embed queries/first.sql
	firstSQL string
)

// ErrKeyReused says that the key came with another request before.
var ErrKeyReused = errors.New("the idempotency key came with another request before")

// Asked is a request that a caller made under a key.
type Asked struct {
	Owner, Key string
	Digest     string // of the content
	TradeID    string
	Event      event.Event
	Published  bool
	Pending    blotter.Facts // the trade until a message tells more of it; not in what Claim returns
}

// Claim stores the request under its key together with the pending trade, unless the key came before. It returns what came first
// under the key: a. Error: ErrKeyReused.
func (m Model) Claim(ctx context.Context, a Asked) (first Asked, err error) {
	err = pgx.BeginFunc(ctx, m.Pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, claimSQL, a.Owner, a.Key, a.Digest, a.TradeID, string(event.Append(nil, a.Event)))
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		return insertPending(ctx, tx, a.TradeID, a.Pending)
	})
	if err != nil {
		return a, fmt.Errorf("claim the key: %w", err)
	}
	return m.first(ctx, a)
}

// insertPending makes the trade's row, unless a message about it has come already.
func insertPending(ctx context.Context, tx pgx.Tx, id string, pending blotter.Facts) error {
	var b pgx.Batch
	trades := QueueLock(&b, []string{id})
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return err
	}
	if trades[id].Request != nil {
		return nil
	}
	trades[id].Ask(*pending.Request, pending.Caller)
	var w pgx.Batch
	QueueWrite(&w, trades)
	return tx.SendBatch(ctx, &w).Close()
}

func (m Model) first(ctx context.Context, a Asked) (Asked, error) {
	first := Asked{Owner: a.Owner, Key: a.Key}
	var body []byte
	if err := m.Pool.QueryRow(ctx, firstSQL, a.Owner, a.Key).Scan(&first.Digest, &first.TradeID, &body, &first.Published); err != nil {
		return a, fmt.Errorf("read the first request: %w", err)
	}
	if first.Digest != a.Digest {
		return a, ErrKeyReused
	}
	events, err := event.Decode(event.MediaType, json.RawMessage(body))
	if err != nil {
		return a, fmt.Errorf("read the first request: %w", err)
	}
	first.Event = events[0]
	return first, nil
}

// Published notes that the broker has the request's event.
func (m Model) Published(ctx context.Context, a Asked) error {
	_, err := m.Pool.Exec(ctx, "update request set published = true where owner = $1 and key = $2", a.Owner, a.Key)
	return err
}
