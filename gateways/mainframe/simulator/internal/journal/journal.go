// Package journal keeps a book of the simulated mainframe on disk: an append-only file of JSON lines, in the order in which the
// work was handed in. Work is answered only when its line is on disk; many pieces of work share one write and one sync.
package journal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

const (
	maxGroup = 512  // pieces of work of one write and one sync
	waiting  = 4096 // pieces of work handed in and not yet begun
)

// ErrStopped means that the journal takes no more work.
var ErrStopped = errors.New("the book has stopped")

// Journal is the file and the lock of its owner's state. Run must go on for Submit to be answered.
type Journal struct {
	file *os.File
	in   chan work
	done chan struct{}

	mu   sync.RWMutex // guards the owner's state and size; only Run writes
	size int64        // bytes of the file that are durable
}

// Place is where a line lies.
type Place struct {
	Offset int64
	Length int32
}

type work struct {
	decide func(g *Group)
	done   func(error)
}

// Open reads the file in the folder, which it makes if there is none, and hands each line to replay. A last line that was cut off
// by a crash was never answered, and is cut away.
func Open(dir, name string, replay func(line []byte, at Place) error) (*Journal, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	file, err := os.OpenFile(filepath.Join(dir, name), os.O_RDWR|os.O_CREATE, 0o640) //nolint:gosec // the operator's folder
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	j := &Journal{file: file, in: make(chan work, waiting), done: make(chan struct{})}
	if err := j.recover(replay); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", name, err), file.Close())
	}
	return j, nil
}

// Submit queues a piece of work. Run calls decide, one at a time and in the order of Submit: it may change the owner's state and
// append lines. When these are durable, done is called with nil. Submit blocks while too much waits. Errors of done: ErrStopped,
// and the disk's.
func (j *Journal) Submit(decide func(g *Group), done func(error)) {
	select {
	case j.in <- work{decide, done}:
	case <-j.done:
		done(ErrStopped)
		return
	}
	select {
	case <-j.done: // Run may have looked for the last time before this piece was handed in
		j.refuseWaiting()
	default:
	}
}

// Do is Submit that waits for the end.
func (j *Journal) Do(decide func(g *Group)) error {
	ended := make(chan error, 1)
	j.Submit(decide, func(err error) { ended <- err })
	return <-ended
}

// Run does submitted work until ctx ends. It returns early with an error of the disk. After a failed write the content of the
// file is unknown, so the process must end, and read the file again at its next start.
func (j *Journal) Run(ctx context.Context) error {
	defer j.stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case first := <-j.in:
			if err := j.commit(j.gather(first)); err != nil {
				return fmt.Errorf("write the book: %w", err)
			}
		}
	}
}

// gather takes what else is there, without waiting.
func (j *Journal) gather(first work) []work {
	group := []work{first}
	for len(group) < maxGroup {
		select {
		case next := <-j.in:
			group = append(group, next)
		default:
			return group
		}
	}
	return group
}

func (j *Journal) stop() {
	close(j.done)
	j.refuseWaiting()
	_ = j.file.Close() // all that was answered has been synced
}

func (j *Journal) refuseWaiting() {
	for {
		select {
		case w := <-j.in:
			w.done(ErrStopped)
		default:
			return
		}
	}
}

// View calls read while the owner's state does not change. All that read sees is durable.
func (j *Journal) View(read func()) {
	j.mu.RLock()
	defer j.mu.RUnlock()
	read()
}

// Line reads the line at a place.
func (j *Journal) Line(p Place) ([]byte, error) {
	line := make([]byte, p.Length)
	if _, err := j.file.ReadAt(line, p.Offset); err != nil {
		return nil, fmt.Errorf("read the book: %w", err)
	}
	return line, nil
}

// Lines returns all lines so far, in order, as they lie in the file.
func (j *Journal) Lines() io.Reader {
	j.mu.RLock()
	defer j.mu.RUnlock()
	return io.NewSectionReader(j.file, 0, j.size)
}

// Close closes the file of a journal that does not run.
func (j *Journal) Close() error { return j.file.Close() }
