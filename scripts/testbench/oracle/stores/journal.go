package stores

import (
	"bufio"
	"context"
	_ "embed" // the query
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"

	"fxcore/scripts/internal/stack"
	"fxcore/scripts/testbench/oracle"
)

//go:embed queries/handled.sql
var handledSQL string

// Account asks tracing how its journal compares with the messages whose ids are in a file. It answers as tracing -account prints.
type Account func(ctx context.Context, file string) ([]byte, error)

// accounting returns an Account that runs tracing, which knows where its journal is: in PostgreSQL or in Cassandra.
func accounting(s *stack.Stack) Account {
	return func(ctx context.Context, file string) ([]byte, error) {
		return s.Output(ctx, "tracing", "-account", file)
	}
}

// Journal says how the journal of a running core compares with the messages that its services have handled. postgres is the URL of a role
// that may read all schemas.
func Journal(ctx context.Context, s *stack.Stack, postgres string) (oracle.Journal, error) {
	conn, err := pgx.Connect(ctx, postgres)
	if err != nil {
		return oracle.Journal{}, fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var of map[string]string
	err = pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		of, err = handled(ctx, tx)
		return err
	})
	if err != nil {
		return oracle.Journal{}, fmt.Errorf("list the handled messages: %w", err)
	}
	var e oracle.Evidence
	err = Places{Account: accounting(s)}.journal(ctx, of, &e)
	return e.Journal, err
}

// handled returns the ids of all messages that services have handled, and the service that did.
func handled(ctx context.Context, tx pgx.Tx) (map[string]string, error) {
	found, _ := tx.Query(ctx, handledSQL) // ForEachRow returns the error
	of := map[string]string{}
	var service, id string
	_, err := pgx.ForEachRow(found, []any{&service, &id}, func() error {
		of[id] = service
		return nil
	})
	return of, err
}

// journal adds to the evidence how the journal compares with the handled messages.
func (p Places) journal(ctx context.Context, of map[string]string, e *oracle.Evidence) error {
	if p.Account == nil {
		return nil
	}
	folder, err := os.MkdirTemp("", "fxcore-handled")
	if err != nil {
		return fmt.Errorf("list the handled messages: %w", err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	file := filepath.Join(folder, "ids")
	if err := writeIDs(file, of); err != nil {
		return fmt.Errorf("list the handled messages: %w", err)
	}
	said, err := p.Account(ctx, file)
	if err != nil {
		return err
	}
	var a struct {
		Missing      []string `json:"missing"`
		Doubled      []string `json:"doubled"`
		Messages     int      `json:"messages"`
		Spans        int      `json:"spans"`
		SpansMissing int      `json:"spans_missing"`
		SpansExtra   int      `json:"spans_extra"`
	}
	if err := json.Unmarshal(said, &a); err != nil {
		return fmt.Errorf("read what tracing says of its journal: %w: %s", err, said)
	}
	e.Journal = oracle.Journal{Doubled: a.Doubled, Messages: a.Messages, Spans: a.Spans, SpansMissing: a.SpansMissing, SpansExtra: a.SpansExtra}
	for _, id := range a.Missing {
		e.Journal.Unkept = append(e.Journal.Unkept, oracle.Unkept{Service: of[id], ID: id})
	}
	return nil
}

func writeIDs(path string, of map[string]string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // a folder of our own
	if err != nil {
		return err
	}
	w := bufio.NewWriter(file)
	for id := range of {
		_, _ = w.WriteString(id + "\n") // Flush returns the error
	}
	if err := w.Flush(); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}
