// Package ledger is the simulated mainframe's book of trades: one line for each booking, in the order in which they arrived. The
// ledger answers a booking only when it is on disk, and never deletes one.
package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"time"

	"fxcore/gateways/mainframe/simulator/internal/journal"
)

const fileName = "bookings.jsonl"

// ErrConflict means that the trade is booked already, with other content.
var ErrConflict = errors.New("booked before with other content")

// ErrStopped means that the ledger takes no more bookings.
var ErrStopped = journal.ErrStopped

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
	journal *journal.Journal
	now     func() time.Time
	booked  map[key]place
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
	number   int64
	line     journal.Place
	digest   [sha256.Size]byte
	bookedAt int64 // microseconds since 1970
}

// Open reads the book in the folder, which it makes if there is none. now is the bank's clock.
func Open(dir string, now func() time.Time) (*Ledger, error) {
	l := &Ledger{now: now, booked: make(map[key]place)}
	var err error
	l.journal, err = journal.Open(dir, fileName, l.remember)
	return l, err
}

// Submit queues a trade. It calls done when the trade is durably booked, by this request or an earlier one, or cannot be booked.
// Trades are booked in the order of Submit. trade makes the content for the file, and is called only
// if the trade is new. Submit blocks while too many wait. Errors of done: ErrConflict, ErrStopped, and the disk's.
func (l *Ledger) Submit(tradeID string, request []byte, trade func() (json.RawMessage, error), done func(Entry, error)) {
	var entry Entry
	var conflict error
	l.journal.Submit(
		func(g *journal.Group) { entry, conflict = l.decide(g, tradeID, request, trade) },
		func(err error) {
			if err != nil {
				done(Entry{}, err)
				return
			}
			done(entry, conflict)
		})
}

// Run books submitted trades until ctx ends. It returns early with an error of the disk.
func (l *Ledger) Run(ctx context.Context) error { return l.journal.Run(ctx) }
