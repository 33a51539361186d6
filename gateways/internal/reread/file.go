// Package reread keeps a setting in a file up to date while the program runs. It looks for new content once a second and
// applies it. If the new content cannot be read or applied, it logs that, and the old content stays in force.
package reread

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"
)

const (
	every    = time.Second
	maxBytes = 4 << 20
)

// File watches one file. One goroutine calls apply with each content that parses and differs from the one in force. If
// parse or apply returns an error, the old content stays in force and the next look tries again. Check returns an error
// that occurred twice.
type File[T any] struct {
	path  string
	parse func(content []byte) (T, error)
	apply func(ctx context.Context, read T) error
	log   *slog.Logger

	inForce [sha256.Size]byte
	doubt   string // what was wrong at the last look

	mu     sync.Mutex
	wrong  error // why the file is not in force
	wanted time.Time
}

// New watches the file at path, of which the content given is in force.
func New[T any](path string, content []byte, parse func([]byte) (T, error), apply func(context.Context, T) error, log *slog.Logger) *File[T] {
	return &File[T]{path: path, parse: parse, apply: apply, log: log.With("file.path", path), inForce: sum(content)}
}

// Run looks at the file until ctx ends.
func (f *File[T]) Run(ctx context.Context) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			f.Look(ctx)
		}
	}
}

// Check is nil while the file is in force; otherwise it says why not, and since when.
func (f *File[T]) Check(context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.wrong == nil {
		return nil
	}
	return fmt.Errorf("the last one that could be read is in force since %s: %w", f.wanted.UTC().Format(time.RFC3339), f.wrong)
}

// Look reads the file once. What is wrong is said at the second look that finds it: a file that is being written is
// nothing to speak of.
func (f *File[T]) Look(ctx context.Context) {
	err := f.take(ctx)
	if err == nil {
		f.doubt = ""
		f.settle()
		return
	}
	again := f.doubt == err.Error()
	f.doubt = err.Error()
	if again {
		f.say(err)
	}
}

func (f *File[T]) take(ctx context.Context) error {
	content, err := f.read()
	if err != nil {
		return err
	}
	found := sum(content)
	if found == f.inForce {
		return nil
	}
	read, err := f.parse(content)
	if err != nil {
		return err
	}
	if err := f.apply(ctx, read); err != nil {
		return err
	}
	f.inForce = found
	f.log.Info("file read again and in force")
	return nil
}

// sum is that of the content without the ends of lines that close it: a setting read from a file comes without them.
func sum(content []byte) [sha256.Size]byte { return sha256.Sum256(bytes.TrimRight(content, "\r\n")) }

func (f *File[T]) read() ([]byte, error) {
	file, err := os.Open(f.path) //nolint:gosec // the setting names the file
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(io.LimitReader(file, maxBytes+1))
	switch {
	case err != nil:
		return nil, err
	case len(content) > maxBytes:
		return nil, fmt.Errorf("it has more than %d bytes", maxBytes)
	}
	return content, nil
}

// say notes why the file is not in force, and logs it once.
func (f *File[T]) say(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.wrong == nil {
		f.wanted = time.Now()
	}
	if f.wrong == nil || f.wrong.Error() != err.Error() {
		f.log.Warn("file not in force: the last one that could be read stays", "error", err)
	}
	f.wrong = err
}

func (f *File[T]) settle() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.wrong = nil
}
