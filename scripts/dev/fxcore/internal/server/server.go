// Package server sets up and starts PostgreSQL, RabbitMQ, Redis and HAProxy from Debian's packages, in a folder and
// on ports of the clone. It never touches other servers on the machine.
package server

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sort"
	"syscall"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/ports"
	"fxcore/scripts/dev/fxcore/internal/process"
	"fxcore/scripts/internal/broker"
)

// Server is one server. Prepare makes its data folder and settings, Spec runs it, and Provision makes what its users
// need while it runs. Each may be repeated.
type Server struct {
	Spec      process.Spec
	Prepare   func(context.Context) error
	Provision func(context.Context) error

	// Renew replaces the server's certificate while the server runs, if it is due, or in any case. New connections then get the new one, and those
	// that are open stay. signal sends a signal to the server. nil: it has none.
	Renew func(ctx context.Context, signal func(syscall.Signal) error, anew bool) error
}

// Setting is the folder and the ports of the servers.
type Setting struct {
	Folder folder.Folder
	Ports  ports.Block
	Admin  bool // switches RabbitMQ's management interface on; tests need it to make virtual hosts

	// Declared returns what the programs declare at the broker, for which providers. nil for tests, whose one user stands for all programs.
	Declared func(context.Context) ([]amqp.Topology, broker.Providers, error)
}

// ErrMissing says that a server's programs are not installed.
var ErrMissing = errors.New("not installed: run scripts/bootstrap, which installs it")

// ErrNotFull says that a server is not there that only a full start needs.
var ErrNotFull = errors.New("not there: run scripts/bootstrap full, which brings it")

const host = "127.0.0.1"

// environment returns the environment of every server. It inherits nothing from the caller.
func environment(home string) []string {
	return []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "TZ=UTC", "HOME=" + home}
}

// newest returns the highest version among the files that match a pattern, or ErrMissing.
func newest(name, pattern string) (string, error) {
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) == 0 {
		return "", fmt.Errorf("%s (%s): %w", name, pattern, ErrMissing)
	}
	sort.Slice(found, func(i, j int) bool { // 9 sorts before 10
		a, b := found[i], found[j]
		return len(a) < len(b) || (len(a) == len(b) && a < b)
	})
	return found[len(found)-1], nil
}

// nothing is the step of a server that does not need that step.
func nothing(context.Context) error { return nil }

const grace = 30 * time.Second
