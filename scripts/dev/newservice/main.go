// Command newservice makes a service from the template services/responsibility.
//
//	go run ./scripts/dev/newservice settlement
//
// It copies the template, replaces the template's words by the new service's, declares the copy in the files that
// list the services, and writes the generated files. If anything fails, it restores all files.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	err := run(ctx, ".", os.Args[1:])
	cancel()
	if err != nil {
		fmt.Fprintln(os.Stderr, "new-service:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("name one service: make new-service NAME=settlement")

// run makes the service in the project at root. It returns errUsage if args is not one name.
func run(ctx context.Context, root string, args []string) error {
	if len(args) != 1 {
		return errUsage
	}
	name := args[0]
	if err := checkName(root, name); err != nil {
		return err
	}
	t := &tree{root: root}
	if err := errors.Join(create(t, name), ctx.Err()); err != nil {
		return errors.Join(err, t.restore())
	}
	if err := complete(ctx, t, name); err != nil {
		return errors.Join(err, t.restore())
	}
	fmt.Printf(done, name, names(name).Replace(published))
	return nil
}

const done = `services/%[1]s is made: it builds, make run starts two replicas of it, and make faults harms them.
It still does what the template does. Next:
  make test PACKAGES=./services/%[1]s/...
  services/%[1]s/README.md: what it is for, and how to add a step
  README.md: its place in the picture
  when a service reads %[2]s: remove WithoutReaders in services/%[1]s/internal/messages
`

// create writes the copy and declares it.
func create(t *tree, name string) error {
	copied, err := copyTemplate(t.root, name)
	if err != nil {
		return err
	}
	declared, err := declare(t.root, name)
	if err != nil {
		return err
	}
	for _, files := range []map[string]string{copied, declared} {
		for path, content := range files {
			if err := t.write(path, content); err != nil {
				return err
			}
		}
	}
	return nil
}

// complete checks that the copy and its tests build, and writes the generated files.
func complete(ctx context.Context, t *tree, name string) error {
	for _, path := range []string{"docs/messages.md", "stack/rabbitmq/definitions.json", "stack/rabbitmq/publishers.json"} {
		if err := t.keep(path); err != nil {
			return err
		}
	}
	for _, command := range [][]string{
		{"go", "vet", "./services/" + name + "/...", "./services/contract/...", "./scripts/internal/programs/..."},
		{"go", "run", "./scripts/dev/docs"},
	} {
		cmd := exec.CommandContext(ctx, command[0], command[1:]...) //nolint:gosec // our own programs
		cmd.Dir, cmd.Stdout, cmd.Stderr = t.root, os.Stderr, os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%s: %w", strings.Join(command, " "), err)
		}
	}
	return nil
}
