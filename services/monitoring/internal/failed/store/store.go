// Package store keeps the entries of the error queue in PostgreSQL.
package store

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/postgres"
	"fxcore/services/monitoring/internal/failed"
)

// Migrations make the tables.
//
//go:embed migrations/*.sql facts.txt
var Migrations embed.FS

var (
	//go:embed queries/keep.sql
	keepSQL string
	//go:embed queries/again.sql
	againSQL string
)

// ErrNone says that there is no such entry.
var ErrNone = errors.New("no such entry")

// Store holds the entries. It is safe for concurrent use.
type Store struct{ Pool *pgxpool.Pool }

// Keep stores messages of the error queue. A message that is delivered again changes nothing.
func (s Store) Keep(ctx context.Context, messages []failed.Message) error {
	messages = slices.Clone(messages)
	slices.SortStableFunc(messages, func(a, b failed.Message) int { return strings.Compare(a.ID, b.ID) }) // one order of locks for all replicas
	var b pgx.Batch
	for _, m := range messages {
		headers, err := json.Marshal(m.Headers)
		if err != nil {
			headers = []byte("{}")
		}
		headers = []byte(strings.ReplaceAll(failed.MaskText(string(headers)), `\u0000`, ""))
		b.Queue(keepSQL, m.ID, m.Queue, m.MessageID, m.Type, m.RoutingKey, m.Source, m.Reason, m.Text, m.Group, m.Attempts, m.FailedAt,
			m.Correlation, m.TraceID, m.Client, m.ContentType, headers, m.Body, m.Fingerprint)
		b.Queue(againSQL, m.ID, m.Attempts, m.Source, m.Reason, m.Text, m.Group, headers)
	}
	if err := s.Pool.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("keep %d failed messages: %w", len(messages), err)
	}
	return nil
}

// Forget deletes entries that were resolved longer than age ago.
func (s Store) Forget(ctx context.Context, age time.Duration) error {
	return postgres.ForgetFacts(ctx, s.Pool, "failed_message", age)
}
