// Command fxcore runs the whole core on one machine: PostgreSQL, RabbitMQ, Redis, every service as a process of its own,
// and the simulators that feed it; it shows how they are, and ends them all.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// command is one word of the command line.
type command struct {
	name, arguments, about string
	run                    func(ctx context.Context, o options, args []string) error
}

func commands() []command {
	return []command{
		{"run", "", "start everything and show it; Ctrl-C ends it", runForeground},
		{"up", "", "start everything in the background", up},
		{"status", "[--json]", "what runs, and how it is", status},
		{"logs", "[SERVICE]", "follow the logs of one service, or of all", logs},
		{"scale", "SERVICE N", "run N replicas of a service, also after the next start", scale},
		{"add", "SERVICE", "run one more replica of a service", add},
		{"with", "COMMAND…", "run a command against the core, which lives as long as the command if it does not run already", with},
		{"stop", "", "end everything; the data stays", stop},
		{"clean", "", "end everything and remove its data", clean},
		{"servers", "up|down|with COMMAND…", "the three servers alone, for tests", servers},
	}
}

func main() {
	// A second Ctrl-C while stopping does not leave half of it behind: stopping is bounded, so the signal is heard once.
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

// errUsage is a command line that is not understood: exit code 2.
var errUsage = errors.New("usage: fxcore COMMAND")

func usage() error {
	for _, c := range commands() {
		fmt.Fprintf(os.Stderr, "  fxcore %-8s %-22s %s\n", c.name, c.arguments, c.about)
	}
	return errUsage
}

// report prints an error for a person and returns the exit code: 0, 1, 2 for usage, or that of the command in "servers with".
func report(err error) int {
	var ended *exec.ExitError
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
