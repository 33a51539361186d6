package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"fxcore/lambda/postgres"
	"fxcore/services/logging/internal/account"
	"fxcore/services/logging/internal/elastic"
	"fxcore/services/logging/internal/store"
)

// command does what on-call asks for, and returns the exit code.
func command(ctx context.Context, cfg settings, args []string, out io.Writer) int {
	if len(args) < 2 || args[0] != "-account" {
		_, _ = fmt.Fprintln(os.Stderr, "usage: logging [-account FILE...]")
		return 2
	}
	kept, end, err := connect(ctx, cfg)
	if err == nil {
		defer end()
		err = compare(ctx, kept, args[1:], out)
	}
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "logging: account:", err)
		return 1
	}
	return 0
}

// connect opens the store for one command.
func connect(ctx context.Context, cfg settings) (kept account.Store, end func(), err error) {
	if cfg.Elasticsearch != "" {
		indices, err := elastic.Open(cfg.Elasticsearch, cfg.Prefix, cfg.Keep)
		if err != nil {
			return nil, nil, err
		}
		return indices, func() { _ = indices.Close(ctx) }, nil
	}
	cfg.Postgres.Schema = "logging"
	pool, err := postgres.Open(ctx, cfg.Postgres)
	if err != nil {
		return nil, nil, err
	}
	return store.Store{Pool: pool, Keep: cfg.Keep}, pool.Close, nil
}

// compare prints, as JSON, how the store compares with the standard output of programs in some files.
func compare(ctx context.Context, kept account.Store, files []string, out io.Writer) error {
	var outputs []io.Reader
	for _, name := range files {
		file, err := os.Open(name) //nolint:gosec // where the caller says
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }()
		outputs = append(outputs, file)
	}
	lives, err := account.Read(outputs...)
	if err != nil {
		return err
	}
	found, err := account.For(ctx, kept, lives)
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(found)
}
