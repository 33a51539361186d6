package store

import (
	"context"
	_ "embed" // the statements
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

var (
	//go:embed queries/lock_attempts.sql
	lockAttemptsSQL string
	//go:embed queries/save_attempts.sql
	saveAttemptsSQL string
)

// Attempt is a row of the table attempt.
type Attempt struct {
	User      string    `json:"user_id"` // as it was given: there may be no such user
	Failures  int       `json:"failures"`
	NotBefore time.Time `json:"not_before"`
	TriedAt   time.Time `json:"tried_at"`
}

// QueueAttempts queues the query that locks the attempts of users. known is filled when the batch has been sent. Queue it after
// QueueCredentials.
func QueueAttempts(b *pgx.Batch, users []string, known map[string]*Attempt) {
	b.Queue(lockAttemptsSQL, users).Query(func(rows pgx.Rows) error {
		return each(rows, func(a *Attempt) { known[a.User] = a })
	})
}

// QueueSaveAttempts queues the insert or update of attempts.
func QueueSaveAttempts(b *pgx.Batch, all []*Attempt) { queue(b, saveAttemptsSQL, all) }

// ForgetAttempts deletes the attempts of names that nobody has tried since a time.
func ForgetAttempts(ctx context.Context, pool *pgxpool.Pool, before time.Time) error {
	if _, err := pool.Exec(ctx, "delete from attempt where tried_at < $1", before); err != nil {
		return fmt.Errorf("forget attempts: %w", err)
	}
	return nil
}
