package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"fxcore/scripts/dev/fxcore/internal/fleet"
	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/place"
	"fxcore/scripts/dev/fxcore/internal/server"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
)

// servers runs PostgreSQL, RabbitMQ and Redis without the services, in their own folder below the root, for tests.
func servers(ctx context.Context, o options, args []string) error {
	o.root = filepath.Join(o.root, "test")
	switch {
	case len(args) == 1 && args[0] == "up":
		return background(ctx, o, "servers", "run")
	case len(args) == 1 && args[0] == "run":
		return withServers(ctx, o, func(ctx context.Context, _ []string) error {
			<-ctx.Done()
			return nil
		})
	case len(args) == 1 && args[0] == "down":
		return stop(ctx, o, nil)
	case len(args) > 1 && args[0] == "with":
		return withServers(ctx, o, func(ctx context.Context, env []string) error { return runCommand(ctx, o.here, args[1:], env) })
	}
	return usage()
}

// withServers starts the servers, calls use with the environment that tells tests where they are, and stops them.
func withServers(ctx context.Context, o options, use func(ctx context.Context, env []string) error) error {
	p, err := place.Take(o.root, o.ports, say)
	if err != nil {
		return err
	}
	defer p.Release()
	if err := enter(p.Folder); err != nil {
		return err
	}
	setting := server.Setting{Folder: p.Folder, Ports: p.Ports, Admin: true}
	phases, err := fleet.Servers(setting, nil)
	if err != nil {
		return err
	}
	more, leftOut, err := o.full.forTests(setting)
	if err != nil {
		return err
	}
	if len(more.Specs) > 0 {
		phases = append(phases, more)
	}
	env, err := testEnvironment(p, more)
	if err != nil {
		return err
	}
	defer func() { // the last lines
		for _, line := range leftOut {
			say(line)
		}
	}()
	s := supervisor.New(p.Folder, supervisor.About{Ports: p.Ports.Named()}, say)
	defer s.Stop()
	if err := s.Start(ctx, phases); err != nil {
		return err
	}
	go fleet.Fleet{Folder: p.Folder, Ports: p.Ports}.KeepSecrets(ctx, s, nil, say)
	return use(ctx, env)
}

// testEnvironment returns the environment for tests. It also writes it to env/test, for a shell: set -a; .
// .run/test/env/test. more are the servers of a full start that run.
func testEnvironment(p place.Place, more supervisor.Phase) ([]string, error) {
	urls, err := fleet.ServerURLs(p.Folder, p.Ports, "postgres")
	if err != nil {
		return nil, err
	}
	env := []string{
		"TEST_POSTGRES_URL=" + strings.Replace(urls.Postgres, "/"+server.Database, "/postgres", 1),
		"TEST_AMQP_URL=" + urls.AMQP, "TEST_AMQP_ADMIN_URL=" + urls.Admin, "TEST_REDIS_URL=" + urls.Redis,
	}
	for _, spec := range more.Specs {
		url, err := fleet.FullURL(p.Folder, p.Ports, spec.Name)
		if err != nil {
			return nil, err
		}
		env = append(env, "TEST_"+strings.ToUpper(spec.Name)+"_URL="+url)
	}
	if program := server.JaegerProgram(); program != "" && len(more.Specs) > 0 {
		env = append(env, "TEST_JAEGER_PROGRAM="+program)
	}
	return env, p.Folder.WriteEnv("test", env)
}

// enter makes the core's folder this process's own: see [process.Spec.Command].
func enter(f folder.Folder) error {
	if err := os.Chdir(string(f)); err != nil {
		return fmt.Errorf("enter the core's folder: %w", err)
	}
	return nil
}

// runCommand runs a command to its end, in a folder. When ctx ends, it sends SIGTERM, and SIGKILL ten seconds later. The servers
// run until the command has ended.
func runCommand(ctx context.Context, dir string, command, env []string) error {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...) //nolint:gosec // the caller's own command
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	cmd.Env, cmd.Dir = append(os.Environ(), env...), dir
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	var ended *exec.ExitError
	switch {
	case errors.As(err, &ended):
		return commandEnded{ended}
	case err != nil:
		return fmt.Errorf("run %s: %w", command[0], err)
	}
	return nil
}

// commandEnded says that the command has ended with an exit code other than 0. It has said itself why.
type commandEnded struct{ *exec.ExitError }

func (e commandEnded) Unwrap() error { return e.ExitError }

func say(line string) { fmt.Fprintln(os.Stderr, line) }
