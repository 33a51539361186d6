package main

import (
	"context"
	"fmt"
	"io"

	"fxcore/lambda/postgres"
	"fxcore/services/contract/fxdate"
	"fxcore/services/settlement/internal/store"
)

// reporting holds the settings of "report", which needs only the database.
type reporting struct {
	Postgres postgres.Config
}

// show prints the report of a day, which is the only argument: 2026-12-01. It returns the exit code.
func show(ctx context.Context, cfg reporting, args []string, out io.Writer) int {
	if len(args) != 1 {
		_, _ = fmt.Fprintln(out, "usage: report YYYY-MM-DD")
		return exitUsage
	}
	day, err := fxdate.ParseDate(args[0])
	if err != nil {
		_, _ = fmt.Fprintln(out, err)
		return exitUsage
	}
	cfg.Postgres.Schema = "settlement"
	pool, err := postgres.Open(ctx, cfg.Postgres)
	if err != nil {
		_, _ = fmt.Fprintln(out, err)
		return exitUnreachable
	}
	defer pool.Close()
	report, at, err := store.Report(ctx, pool, day)
	if err != nil {
		_, _ = fmt.Fprintln(out, err)
		return exitUnreachable
	}
	_, _ = fmt.Fprintf(out, "%s, as of %s\n%s\n", day, at.UTC().Format("2006-01-02 15:04:05 UTC"), report)
	return exitDone
}
