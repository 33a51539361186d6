package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// errLeftOut says that a cause cannot be made here.
var errLeftOut = errors.New("left out")

// Bounds of filling a disk: a disk that is larger is not filled, for others use it; and how much of it is used then.
const (
	largestDisk = 2 << 30
	filled      = 0.95
)

// fillDisk fills the disk that monitoring watches, if that is a small one of its own.
func fillDisk(_ context.Context, c *core) (func(context.Context) error, error) {
	folder, err := c.setting("monitoring", "DISK")
	if err != nil {
		return nil, err
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(folder, &disk); err != nil {
		return nil, fmt.Errorf("look at the disk of %s: %w", folder, err)
	}
	size := int64(disk.Blocks) * disk.Bsize //nolint:gosec // of a small disk
	if size > largestDisk {
		return nil, fmt.Errorf("%w: monitoring watches a disk of %d MiB, which others use; README.md says how to give it a small one", errLeftOut, size>>20)
	}
	missing := int64(filled*float64(size)) - (size - int64(disk.Bavail)*disk.Bsize) //nolint:gosec // of a small disk
	name := filepath.Join(folder, "filled", "by-a-test-of-alerts")
	mend := func(context.Context) error { return os.RemoveAll(filepath.Dir(name)) }
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil { //nolint:gosec // monitoring looks into it
		return nil, fmt.Errorf("fill the disk: %w", err)
	}
	if err := os.WriteFile(name, make([]byte, missing), 0o600); err != nil {
		return mend, fmt.Errorf("fill the disk: %w", err)
	}
	return mend, nil
}

// setting returns a setting of a program, as the core was started.
func (c *core) setting(program, name string) (string, error) {
	text, err := os.ReadFile(filepath.Join(c.Folder, "env", program))
	if err != nil {
		return "", fmt.Errorf("read the settings of %s: %w", program, err)
	}
	for line := range strings.Lines(string(text)) {
		if value, found := strings.CutPrefix(line, name+"="); found {
			return strings.Trim(strings.TrimSpace(value), "'"), nil
		}
	}
	return "", fmt.Errorf("%w: %s has no setting %s", errLeftOut, program, name)
}
