package store

import (
	"context"
	_ "embed" // the statement
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

//go:embed queries/live_tokens.sql
var liveTokensSQL string

const liveAtOnce = 10_000

// LiveTokens returns the tokens that are good at a time, a bounded number of them, the ones that expire first.
func LiveTokens(ctx context.Context, pool *pgxpool.Pool, now time.Time) (live []*Token, err error) {
	rows, err := pool.Query(ctx, liveTokensSQL, now, liveAtOnce)
	if err == nil {
		err = each(rows, func(t *Token) { live = append(live, t) })
	}
	if err != nil {
		return nil, fmt.Errorf("look for tokens: %w", err)
	}
	return live, nil
}
