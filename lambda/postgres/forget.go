package postgres

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/log"
)

const (
	forgetMost  = 10_000 // rows in one statement: a longer one would hold back readers of what changes, and be cancelled
	forgetBound = time.Minute
)

// ForgetEvery calls forget now and once in each period until ctx ends, and returns nil. What fails is logged and tried again a period later;
// what names the things that are then not forgotten.
func ForgetEvery(ctx context.Context, period time.Duration, logger *slog.Logger, what string, forget func(context.Context) error) error {
	tick := time.NewTicker(period)
	defer tick.Stop()
	for {
		if err := forget(ctx); err != nil && ctx.Err() == nil {
			logger.WarnContext(ctx, "what is old is not forgotten", "what", what, log.Error(err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// ForgetFacts deletes the rows of a table of facts that are older than age, in parts. The line of the table says how long they are kept at
// least, whatever the age, and by which column: see [Prepare].
func ForgetFacts(ctx context.Context, pool *pgxpool.Pool, table string, age time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, forgetBound)
	defer cancel()
	for {
		var gone int64
		if err := pool.QueryRow(ctx, "select forget_facts($1, $2::interval, $3)", table, age.String(), forgetMost).Scan(&gone); err != nil {
			return fmt.Errorf("forget old rows of table %s: %w", table, err)
		}
		if gone < forgetMost {
			return nil
		}
	}
}

// Forget deletes the rows of a table for which a condition holds, in parts. The condition is SQL of the program's own, in which $1 is an
// interval, the age. What is left after a minute waits for the next time. A row that another transaction holds is waited for.
func Forget(ctx context.Context, pool *pgxpool.Pool, table, old string, age time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, forgetBound)
	defer cancel()
	part := fmt.Sprintf("delete from %[1]s where ctid = any (array(select ctid from %[1]s where %[2]s limit $2))", table, old)
	for {
		tag, err := pool.Exec(ctx, part, age.String(), forgetMost)
		if err != nil {
			return fmt.Errorf("forget old rows of table %s: %w", table, err)
		}
		if tag.RowsAffected() < forgetMost {
			return nil
		}
	}
}
