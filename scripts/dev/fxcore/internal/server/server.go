// Package server knows how PostgreSQL, RabbitMQ, Redis and HAProxy from Debian's packages are set up and started in a folder
// and on ports of the clone's own, without touching the servers that the machine may run for others.
package server

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sort"
	"time"

	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/ports"
	"fxcore/scripts/dev/fxcore/internal/process"
)

// Server is one server: Prepare makes its data folder and settings, Spec runs it, Provision makes what its users need
// once it runs. All three may be repeated.
type Server struct {
	Spec      process.Spec
	Prepare   func(context.Context) error
	Provision func(context.Context) error
}

// Setting is where the servers live.
type Setting struct {
	Folder folder.Folder
	Ports  ports.Block
	Admin  bool // RabbitMQ's management interface, which tests need to make virtual hosts
}

// ErrMissing says that a server's programs are not installed.
var ErrMissing = errors.New("not installed: run scripts/bootstrap, which installs it")

const host = "127.0.0.1"

// environment is what every server gets: nothing of the caller's.
func environment(home string) []string {
	return []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "TZ=UTC", "HOME=" + home}
}

// newest returns the last match of a pattern, so the highest version of a program.
func newest(name, pattern string) (string, error) {
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) == 0 {
		return "", fmt.Errorf("%s (%s): %w", name, pattern, ErrMissing)
	}
	sort.Slice(found, func(i, j int) bool { // 9 before 10
		a, b := found[i], found[j]
		return len(a) < len(b) || (len(a) == len(b) && a < b)
	})
	return found[len(found)-1], nil
}

// nothing is a step that a server does not need.
func nothing(context.Context) error { return nil }

const grace = 30 * time.Second
