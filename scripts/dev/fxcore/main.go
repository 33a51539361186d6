// Command fxcore runs the whole core on one machine: PostgreSQL, RabbitMQ, Redis, HAProxy, each service as its own
// process, and the simulators. It also shows their state and stops them.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// command is one subcommand.
type command struct {
	name, arguments, about string
	run                    func(ctx context.Context, o options, args []string) error
}

func commands() []command {
	return []command{
		{"run", "", "start everything and show its state; Ctrl-C ends it", runForeground},
		{"up", "", "start everything in the background", up},
		{"status", "[--json]", "show what runs and its state", status},
		{"logs", "[SERVICE]", "follow the logs of one service, or of all", logs},
		{"day", "", "end the bank's business day and begin the next one", day},
		{"scale", "SERVICE N", "run N replicas of a service, now and after each start", scale},
		{"add", "SERVICE", "run one more replica of a service", add},
		{"rotate", "[-list] [WHAT…|all]", "replace secrets while everything runs", rotate},
		{"with", "COMMAND…", "run a command; if the core does not run, start it for the duration of the command", with},
		{"stop", "", "end everything; the data stays", stop},
		{"clean", "", "end everything and remove its data", clean},
		{"servers", "up|down|with COMMAND…", "run only PostgreSQL, RabbitMQ and Redis, for tests", servers},
	}
}

func main() {
	// A second Ctrl-C must not interrupt a stop halfway. A stop takes a bounded time, so further signals are ignored.
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	err := dispatch(ctx, os.Args[1:])
	cancel()
	os.Exit(report(err))
}

func dispatch(ctx context.Context, args []string) error {
	o, err := readOptions(os.Getenv)
	if err != nil {
		return err
	}
	if len(args) > 0 {
		for _, c := range commands() {
			if c.name == args[0] {
				return c.run(ctx, o, args[1:])
			}
		}
	}
	return usage()
}

// errUsage says that the command line is wrong: exit code 2.
var errUsage = errors.New("usage: fxcore COMMAND")

func usage() error {
	for _, c := range commands() {
		fmt.Fprintf(os.Stderr, "  fxcore %-8s %-22s %s\n", c.name, c.arguments, c.about)
	}
	return errUsage
}

// report prints an error and returns the exit code: 0, 1, 2 for a wrong command line, or the exit code of the command
// in "with".
func report(err error) int {
	var ended commandEnded
	switch {
	case err == nil:
		return 0
	case errors.As(err, &ended):
		return ended.ExitCode()
	}
	fmt.Fprintf(os.Stderr, "fxcore: %v\n", err)
	if errors.Is(err, errUsage) {
		return 2
	}
	return 1
}
