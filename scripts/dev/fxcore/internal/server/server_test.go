package server_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/ports"
	"fxcore/scripts/dev/fxcore/internal/process"
	"fxcore/scripts/dev/fxcore/internal/server"
)

// newSetting returns a folder and ports for one test.
func newSetting(t *testing.T) server.Setting {
	t.Helper()
	f, err := folder.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	block, release, err := ports.Choose()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release)
	return server.Setting{Folder: f, Ports: block}
}

// run keeps a process running until the test ends, and shows the end of its log if the test has failed.
func run(t *testing.T, spec process.Spec) *process.Child {
	t.Helper()
	spawner := process.NewSpawner()
	child := process.NewChild(spec, spawner, func() {})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); child.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended; spawner.Close() })
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(strings.Join(process.Tail(spec.Log, 30), "\n"))
		}
	})
	return child
}

// supervise is like run, but returns when the process is ready.
func supervise(t *testing.T, spec process.Spec) *process.Child {
	t.Helper()
	child := run(t, spec)
	testkit.Eventually(t, spec.Name, time.Minute, func() error {
		if s := child.Status(); s.State != process.Ready {
			return errors.New(string(s.State) + ": " + s.Reason)
		}
		return nil
	})
	return child
}
