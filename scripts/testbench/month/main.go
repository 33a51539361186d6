// Command month runs a whole core through a month of business days, ahead of real time, while providers trade by FIX, by socket and
// by the HTTP interface. Then it judges what became of each trade. README.md is its manual.
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
	"syscall"

	"fxcore/scripts/testbench/month/internal/month"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run returns the process's exit code: 0 if every promise was kept, 1 if not, 2 if nothing was begun.
func run(ctx context.Context, args []string, out, progress io.Writer) int {
	s, err := read(args, progress)
	if err != nil {
		_, _ = fmt.Fprintln(progress, "month:", err)
		return 2
	}
	s.Out = out
	result, err := month.Run(ctx, s)
	if err == nil {
		result.Print(out)
		err = result.Write(filepath.Join(filepath.Dir(s.Folder), "latest.json"))
	}
	switch {
	case err != nil:
		_, _ = fmt.Fprintln(progress, "month:", err)
		return 1
	case !result.Kept():
		return 1
	}
	return 0
}

func read(args []string, errs io.Writer) (s month.Settings, err error) {
	f := flag.NewFlagSet("month", flag.ContinueOnError)
	f.SetOutput(errs)
	folder := f.String("folder", filepath.Join(".run", "month"), "folder for the core and the results")
	f.IntVar(&s.Days, "days", 22, "business days")
	f.IntVar(&s.Trades, "trades", 1000, "trades of each day, at least")
	f.StringVar(&s.From, "from", "", "first day, YYYY-MM-DD; the next business day if empty")
	if err := f.Parse(args); err != nil {
		return s, err
	}
	if s.Days < 1 || s.Days > 250 || s.Trades < 1 {
		return s, errors.New("-days must be 1 to 250, and -trades above 0")
	}
	home, err := filepath.Abs(*folder)
	if err != nil {
		return s, fmt.Errorf("find folder: %w", err)
	}
	self, err := os.Executable()
	if err != nil {
		return s, fmt.Errorf("find own program: %w", err)
	}
	s.Bin, s.Folder = filepath.Dir(self), filepath.Join(home, "core")
	return s, nil
}
