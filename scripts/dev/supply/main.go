// Command supply says what the programs are made of, and what is known against it. The Makefile runs it behind the tools that find out:
//
//	govulncheck -format json ./... | supply vulnerabilities -database v0.0.0-20261105234957-e22db6528018
//	npm audit --json | supply pages
//	supply bill -tool cyclonedx-gomod -out .run/sbom .run/bin/auth .run/bin/api
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"fxcore/scripts/dev/supply/internal/bill"
	"fxcore/scripts/dev/supply/internal/vulnerability"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "supply:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("usage: supply vulnerabilities|pages|bill, see go doc fxcore/scripts/dev/supply")

func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	if len(args) == 0 {
		return errUsage
	}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	database := flags.String("database", "", "version of the vulnerability database")
	accepted := flags.String("accepted", "scripts/dev/supply/accepted.txt", "known vulnerabilities that we live with, each with its reason")
	tool := flags.String("tool", "", "path of cyclonedx-gomod")
	folder := flags.String("out", "", "folder of the bills of materials")
	lock := flags.String("lock", "services/pages/package-lock.json", "npm's lock file")
	if err := flags.Parse(args[1:]); err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	switch args[0] {
	case "vulnerabilities":
		return vulnerabilities(in, out, *database, *accepted)
	case "pages":
		return vulnerability.Pages(in, out)
	case "bill":
		return bill.Write(ctx, bill.Makers{Modules: *tool, Lock: *lock}, *folder, flags.Args())
	}
	return errUsage
}

func vulnerabilities(in io.Reader, out io.Writer, database, accepted string) error {
	list, err := os.ReadFile(accepted) //nolint:gosec // a file of the project
	if err != nil {
		return fmt.Errorf("read what is accepted: %w", err)
	}
	reasons, err := vulnerability.Reasons(string(list))
	if err != nil {
		return fmt.Errorf("%s: %w", accepted, err)
	}
	found, err := vulnerability.Read(in)
	if err != nil {
		return fmt.Errorf("read what govulncheck found: %w", err)
	}
	return found.Judge(out, database, reasons)
}
