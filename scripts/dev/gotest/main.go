// Command gotest runs go test and repeats each failed test alone, once. At its end it lists what failed and how the
// repeat ended.
//
//	gotest [-note FILE] [-parts TEST] go test FLAGS -- PACKAGES
//
// Its exit code is 0 if every test passed, at first or when repeated. A package that does not build, and a data race,
// are never repeated. If more than five tests failed, none is repeated.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
)

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	code := run(ctx, os.Args[1:], os.Stdout)
	cancel()
	os.Exit(code)
}

// run returns the exit code: 0 if all passed, 1 if something failed, 2 if the command line is wrong.
func run(ctx context.Context, args []string, out io.Writer) int {
	g, note, err := parse(args)
	if err != nil {
		_, _ = fmt.Fprintf(out, "gotest: %v\nusage: gotest [-note FILE] [-parts TEST] go test FLAGS -- PACKAGES\n", err)
		return 2
	}
	g.show = newShow(out, g.flags)
	if err := removeNote(note); err != nil {
		_, _ = fmt.Fprintf(out, "gotest: %v\n", err)
		return 1
	}
	found, err := g.all(ctx)
	for _, f := range found {
		_, _ = fmt.Fprintln(out, f)
	}
	err = errors.Join(err, writeNote(note, found))
	if err != nil {
		_, _ = fmt.Fprintf(out, "gotest: %v\n", err)
	}
	if err != nil || slices.ContainsFunc(found, finding.fails) {
		return 1
	}
	return 0
}

// parse reads the command line. -note names the file for the list. -parts names the test whose subtests can run
// alone.
func parse(args []string) (g *gate, note string, err error) {
	g = &gate{}
	own := flag.NewFlagSet("gotest", flag.ContinueOnError)
	own.SetOutput(io.Discard)
	own.StringVar(&note, "note", "", "")
	own.StringVar(&g.parts, "parts", "", "")
	if err := own.Parse(args); err != nil {
		return nil, "", err
	}
	words := own.Args()
	end := slices.Index(words, "--")
	if len(words) < 2 || words[0] != "go" || words[1] != "test" || end < 0 || end == len(words)-1 {
		return nil, "", errors.New(`the command "go test FLAGS -- PACKAGES" is missing`)
	}
	g.flags, g.packages = words[2:end], words[end+1:]
	return g, note, nil
}
