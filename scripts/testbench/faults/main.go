// Command faults tests the core under faults. In each run, providers use the core and faults harm it as a seed says,
// and the result is judged. docs/faults.md is its manual.
//
//	faults -seed 1 -runs 10        ten runs, with the seeds 1 to 10
//	faults -seed 17 -runs 1        repeat one run
//	faults -seed 1 -runs 10 -list  show what these seeds would do
//	faults -csv latest.json …      write the runs of these reports as rows of a CSV file
//	faults -summary runs.csv       write a Markdown table of such rows
//	faults -failover 50            measure the time without a session, in 50 kills and moves for each gateway
//	faults -starved 60s            measure what becomes of sessions while ten busy loops take the processors
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"fxcore/scripts/testbench/faults/internal/report"
	"fxcore/scripts/testbench/faults/internal/schedule"
)

// settings are the values of the flags.
type settings struct {
	seed    uint64
	runs    int
	fresh   int
	folder  string
	list    bool
	deletes bool // two persons delete trades meanwhile
	full    bool // FULL=1: the core has Cassandra and the other servers of a full start

	csv, summary bool

	failovers int
	gateways  string
	rate      int

	starved time.Duration
	apart   bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	code := faults(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// faults returns the process's exit code: 0 if no run had a violation, 1 otherwise, 2 if nothing was begun.
func faults(ctx context.Context, args []string, out, progress io.Writer) int {
	s, rest, err := read(args, progress)
	switch {
	case err != nil:
		return 2
	case s.list:
		list(out, s)
		return 0
	case s.csv:
		err = rows(out, rest)
	case s.summary:
		err = summary(out, rest)
	case s.failovers > 0:
		err = failovers(ctx, s, out, progress)
	case s.starved > 0:
		err = starve(ctx, s, out, progress)
	default:
		err = run(ctx, s, out, progress)
	}
	if err != nil {
		if !errors.Is(err, errFailed) {
			_, _ = fmt.Fprintln(progress, "faults:", err)
		}
		return 1
	}
	return 0
}

func read(args []string, errors io.Writer) (s settings, rest []string, err error) {
	s.full = slices.Contains([]string{"1", "true"}, os.Getenv("FULL"))
	f := flag.NewFlagSet("faults", flag.ContinueOnError)
	f.SetOutput(errors)
	f.Uint64Var(&s.seed, "seed", 1, "seed of the first run; each further run has the next seed")
	f.IntVar(&s.runs, "runs", 10, "number of runs")
	f.IntVar(&s.fresh, "fresh", 10, "number of runs after which an empty core is started")
	f.StringVar(&s.folder, "folder", filepath.Join(".run", "faults"), "folder for the core, results and evidence")
	f.BoolVar(&s.deletes, "deletions", false, "have two persons delete trades meanwhile")
	f.BoolVar(&s.list, "list", false, "show what the seeds would do, and do nothing")
	f.BoolVar(&s.csv, "csv", false, "write the runs of the named reports (latest.json) as CSV; the last run of a seed counts")
	f.BoolVar(&s.summary, "summary", false, "write the summary of the named CSV files as a Markdown table")
	f.IntVar(&s.failovers, "failover", 0, "measure this number of kills and moves for each gateway, and nothing else")
	f.StringVar(&s.gateways, "gateways", "fix,socket", "with -failover: the gateways, separated by commas")
	f.IntVar(&s.rate, "rate", 200, "with -failover and -starved: requests a second")
	f.DurationVar(&s.starved, "starved", 0, "measure the core for so long beside ten busy loops, and nothing else")
	f.BoolVar(&s.apart, "apart", false, "with -starved: each loop is a group of processes of its own")
	if err = f.Parse(args); err == nil && (s.runs < 1 || s.fresh < 1) {
		_, _ = fmt.Fprintln(errors, "faults: -runs and -fresh must be at least 1")
		err = flag.ErrHelp
	}
	return s, f.Args(), err
}

func list(out io.Writer, s settings) {
	for i := range s.runs {
		r := schedule.Draw(s.seed+uint64(i), s.full) //nolint:gosec // not negative
		_, _ = fmt.Fprintf(out, "seed %d: %q\n", r.Seed, r.Scenarios)
		for _, t := range r.Streams {
			_, _ = fmt.Fprintf(out, "  %s %s, %d requests a second\n", t.Kind, t.Provider, t.PerSecond)
		}
		for _, f := range r.Faults {
			_, _ = fmt.Fprintf(out, "  %s\n", f)
		}
	}
}

func rows(out io.Writer, reports []string) error {
	r, err := report.Merge(reports...)
	if err != nil {
		return err
	}
	return report.WriteRows(out, r.Rows())
}

func summary(out io.Writer, files []string) error {
	var all []report.Row
	for _, path := range files {
		file, err := os.Open(path) //nolint:gosec // where the caller says
		if err != nil {
			return fmt.Errorf("open rows: %w", err)
		}
		rows, err := report.ReadRows(file)
		if err = errors.Join(err, file.Close()); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		all = append(all, rows...)
	}
	_, err := io.WriteString(out, report.Summary(all))
	return err
}
