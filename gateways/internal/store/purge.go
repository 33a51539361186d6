package store

import (
	"context"
	_ "embed"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/postgres/daily"
)

//go:embed queries/purge_generations.sql
var purgeGenerations string

//go:embed queries/purge_messages.sql
var purgeMessages string

//go:embed queries/purge_answers.sql
var purgeAnswers string

//go:embed queries/purge_repeats.sql
var purgeRepeats string

//go:embed queries/purge_refusals.sql
var purgeRefusals string

// Bounds of one deletion. They keep its locks short and the write-ahead log small.
const (
	purgeEvery  = 10 * time.Second
	purgeChunk  = 2_000
	purgeChunks = 50 // at a time, of each kind
	purgeBound  = 10 * time.Second
)

// Retention is how long each kind of row is kept. The names of its variables begin with the gateway's name.
type Retention struct {
	Messages time.Duration `env:"KEEP_MESSAGES" envDefault:"168h"` // a provider may ask for them again
	Answers  time.Duration `env:"KEEP_ANSWERS" envDefault:"168h"`  // a repeated request gets the same answer
	Inbox    time.Duration `env:"KEEP_INBOX" envDefault:"72h"`     // must be longer than a message can wait in a queue

	Around func() time.Time // the clock around which the inbox has partitions, besides the database server's; set by the program

	Ended bool // keeps messages of ended generations as long as others, because a provider may ask for them
}

// PurgeInbox drops days of the inbox that are older, and makes its partitions for the days to come, until ctx ends.
func PurgeInbox(ctx context.Context, pool *pgxpool.Pool, keep Retention, log *slog.Logger) error {
	return daily.Table{Name: "inbox", Keep: keep.Inbox, Around: keep.Around}.Run(ctx, pool, log)
}

// Purge deletes messages, answers, repeats and notes of refusals that are older, and what nobody can ask for any more. It does so in
// bounded chunks until ctx ends.
func Purge(ctx context.Context, pool *pgxpool.Pool, keep Retention, log *slog.Logger) error {
	tick := time.NewTicker(purgeEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := PurgeOnce(ctx, pool, keep); err != nil && ctx.Err() == nil {
				log.Warn("old sessions' messages stay for now", "error", err)
			}
		}
	}
}

// PurgeOnce deletes what messages, answers, repeats and notes of refusals there are to delete, up to a bound.
func PurgeOnce(ctx context.Context, pool *pgxpool.Pool, keep Retention) error {
	for _, step := range []struct {
		query string
		age   []any
	}{
		{purgeMessages, []any{keep.Messages}},
		{purgeAnswers, []any{keep.Answers}},
		{purgeRepeats, []any{keep.Answers}},
		{purgeRefusals, []any{keep.Messages}},
	} {
		if err := purge(ctx, pool, step.query, append([]any{purgeChunk}, step.age...)); err != nil {
			return err
		}
	}
	if keep.Ended {
		return nil
	}
	return purge(ctx, pool, purgeGenerations, []any{purgeChunk})
}

func purge(ctx context.Context, pool *pgxpool.Pool, query string, args []any) error {
	for range purgeChunks {
		ctx, cancel := context.WithTimeout(ctx, purgeBound)
		tag, err := pool.Exec(ctx, query, args...)
		cancel()
		if err != nil {
			return fmt.Errorf("purge: %w", err)
		}
		if tag.RowsAffected() < purgeChunk {
			return nil
		}
	}
	return nil
}
