package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"fxcore/lambda/postgres"
	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/store"
	"fxcore/services/tracing/internal/store/cassandra"
	kept "fxcore/services/tracing/internal/store/postgres"
)

// connect opens the store and the audit's chain for one command.
func connect(ctx context.Context, cfg settings) (s store.Store, chain store.Auditor, end func(), err error) {
	cfg.Postgres.Schema = "tracing"
	pool, err := postgres.Open(ctx, cfg.Postgres)
	if err != nil {
		return nil, nil, nil, err
	}
	audit := kept.Store{Pool: pool}
	if len(cfg.Cassandra.Hosts) == 0 {
		return audit, audit, pool.Close, pool.Ping(ctx)
	}
	c := cassandra.New(cfg.Cassandra, cfg.Keep)
	return c, audit, func() { c.Close(); pool.Close() }, c.Ready(ctx)
}

// The exit codes of -verify.
const (
	sound  = 0
	broken = 1 // a record is not what was written
	failed = 3 // the journal cannot be read
)

// verify walks all chains. It prints each fault, and at the end how many records are sound.
func verify(ctx context.Context, s, audit store.Auditor, out io.Writer) int {
	code, records := sound, 0
	for chain := range journal.AuditChain + 1 {
		from := s
		if chain == journal.AuditChain {
			from = audit
		}
		n, err := store.Verify(ctx, from, chain)
		records += n
		var fault journal.Fault
		switch {
		case errors.As(err, &fault):
			code = broken
			_, _ = fmt.Fprintln(out, fault)
		case err != nil:
			_, _ = fmt.Fprintln(os.Stderr, "tracing: verify:", err)
			return failed
		}
	}
	_, _ = fmt.Fprintf(out, "%d records are sound\n", records)
	return code
}

// account prints, as JSON, how the journal compares with the ids of messages in a file, one a line.
func account(ctx context.Context, s store.Store, file string, out io.Writer) int {
	text, err := os.ReadFile(file) //nolint:gosec // where the caller says
	if err == nil {
		var found store.Account
		if found, err = store.AccountFor(ctx, s, strings.Fields(string(text))); err == nil {
			err = json.NewEncoder(out).Encode(found)
		}
	}
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "tracing: account:", err)
		return failed
	}
	return sound
}

func shred(ctx context.Context, s store.Store, client string, out io.Writer) int {
	if err := s.Shred(ctx, client); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "tracing: shred:", err)
		return 1
	}
	_, _ = fmt.Fprintf(out, "the key of %s is removed: what the journal has of the client's personal data cannot be read any more\n", client)
	return 0
}
