// Package ledger is the simulated mainframe's book: an append-only file of bookings, one line each, in the order in which
// they arrived. The ledger answers a booking only when it is on disk, and never deletes one.
package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

const (
	fileName = "bookings.jsonl"
	maxGroup = 512  // bookings of one write and one sync
	waiting  = 4096 // bookings handed in and not yet begun
)

// ErrConflict means that the trade is booked already, with other content.
var ErrConflict = errors.New("booked before with other content")

// ErrStopped means that the ledger takes no more bookings.
var ErrStopped = errors.New("ledger has stopped")

// Entry is what the ledger knows of a booked trade.
type Entry struct {
	Reference string
	BookedAt  time.Time // UTC, microseconds
	Again     bool      // it was booked before this request
}

// Line is one booking in the file. Trade is the content as the host was asked to book it.
type Line struct {
	Reference string          `json:"reference"`
	BookedAt  time.Time       `json:"booked_at"`
	TradeID   string          `json:"trade_id"`
	Digest    string          `json:"digest"` // SHA-256 of the request's records, hex
	Trade     json.RawMessage `json:"trade"`
}

// Ledger is the book. Run must go on for Submit to be answered.
type Ledger struct {
	file *os.File
	in   chan submission
	done chan struct{}

	mu     sync.RWMutex // guards what follows; only Run writes
	booked map[key]place
	size   int64 // bytes of the file that are durable
}

// key is a digest of a trade id. Key and place hold no pointers, so that millions of bookings cost the garbage collector
// nothing.
type key [16]byte

func keyOf(tradeID string) key {
	sum := sha256.Sum256([]byte(tradeID))
	return key(sum[:16])
}

// place is where a booking lies, and what identifies its content.
type place struct {
	number, offset int64
	length         int32
	digest         [sha256.Size]byte
	bookedAt       int64 // microseconds since 1970
}

type submission struct {
	tradeID string
	request []byte
	trade   func() (json.RawMessage, error)
	done    func(Entry, error)
}

// Open reads the book in the folder, which it makes if there is none. A last line that was cut off by a crash was never
// answered, and is cut away.
func Open(dir string) (*Ledger, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("open ledger: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(dir, fileName), os.O_RDWR|os.O_CREATE, 0o640) //nolint:gosec // the operator's folder
	if err != nil {
		return nil, fmt.Errorf("open ledger: %w", err)
	}
	l := &Ledger{file: file, in: make(chan submission, waiting), done: make(chan struct{}), booked: make(map[key]place)}
	if err := l.recover(); err != nil {
		return nil, errors.Join(fmt.Errorf("open ledger: %w", err), file.Close())
	}
	return l, nil
}

// Submit queues a trade. It calls done when the trade is durably booked, by this request or an earlier one, or cannot be booked.
// Trades are booked in the order of Submit. trade makes the content for the file, and is called only
// if the trade is new. Submit blocks while too many wait. Errors of done: ErrConflict, ErrStopped, and the disk's.
func (l *Ledger) Submit(tradeID string, request []byte, trade func() (json.RawMessage, error), done func(Entry, error)) {
	select {
	case l.in <- submission{tradeID, request, trade, done}:
	case <-l.done:
		done(Entry{}, ErrStopped)
		return
	}
	select {
	case <-l.done: // Run may have looked for the last time before this one was handed in
		l.refuseWaiting()
	default:
	}
}

// Run books submitted trades until ctx ends. It returns early with an error of the disk. After a failed write the content of the
// file is unknown, so the process must end, and read the file again at its next start.
func (l *Ledger) Run(ctx context.Context) error {
	defer l.stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case first := <-l.in:
			if err := l.commit(l.gather(first)); err != nil {
				return fmt.Errorf("write ledger: %w", err)
			}
		}
	}
}

// gather takes what else is there, without waiting.
func (l *Ledger) gather(first submission) []submission {
	group := []submission{first}
	for len(group) < maxGroup {
		select {
		case next := <-l.in:
			group = append(group, next)
		default:
			return group
		}
	}
	return group
}

func (l *Ledger) stop() {
	close(l.done)
	l.refuseWaiting()
	_ = l.file.Close() // all that was answered has been synced
}

func (l *Ledger) refuseWaiting() {
	for {
		select {
		case s := <-l.in:
			s.done(Entry{}, ErrStopped)
		default:
			return
		}
	}
}
