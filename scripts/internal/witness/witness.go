// Package witness plays a provider that writes down everything it sends and receives, for the oracle to judge. It keeps
// its session through whatever happens to the core, and loses nothing by it.
package witness

import (
	"context"
	"fmt"
	"sync"
	"time"

	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/testbench/oracle"
	"fxcore/scripts/testbench/oracle/record"
)

// Witness is one provider.
type Witness struct {
	cfg     fixwire.Config
	journal *fixwire.Journal
	record  *record.Writer
	name    string
	handle  func(oracle.Answer, *fixwire.Message)
	*open

	mu       sync.Mutex
	session  *fixwire.Session
	up       chan struct{}  // closed while there is a session
	bySeq    map[int]string // references by the number of their message
	sending  string         // reference of the last message, whose number may not be known yet
	left     time.Time      // when the last session ended; zero before
	lastSaid string
}

// The pause before a session is tried again: short, since another instance may be there at once, and since how long a
// session was away is known no better than by a pause.
const (
	firstPause = 10 * time.Millisecond
	lastPause  = 20 * time.Millisecond
)

// New makes a witness that begins its session at sequence number 1. name tells its records from others. handle is called
// for each answer that was written down, from the session's goroutine; the message is valid until it returns.
func New(cfg fixwire.Config, w *record.Writer, name string, handle func(oracle.Answer, *fixwire.Message)) *Witness {
	cfg.Reset = true
	return &Witness{
		cfg: cfg, journal: fixwire.NewJournal(), record: w, name: name, handle: handle,
		open: newOpen(cfg.Sender), up: make(chan struct{}), bySeq: map[int]string{},
	}
}

// Provider is the witness' name (SenderCompID 49).
func (w *Witness) Provider() string { return w.cfg.Sender }

// Run keeps the session until ctx ends. A session that ends is begun again where it was.
func (w *Witness) Run(ctx context.Context) {
	pause := firstPause
	for ctx.Err() == nil {
		session, err := fixwire.Connect(ctx, w.cfg, w.journal, w.receive)
		if err == nil {
			w.cfg.Reset = false
			pause = firstPause
			w.set(session)
			err = session.Run(ctx)
			w.set(nil)
		}
		w.note(err)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, lastPause)
	}
}

func (w *Witness) note(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.lastSaid = err.Error()
	}
}

func (w *Witness) set(session *fixwire.Session) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.session = session; session != nil {
		close(w.up)
		return
	}
	w.up, w.left = make(chan struct{}), time.Now()
}

// Left tells when the last session ended; zero if none has.
func (w *Witness) Left() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.left
}

// Connected waits for a session.
func (w *Witness) Connected(ctx context.Context) error {
	_, err := w.connected(ctx)
	return err
}

func (w *Witness) connected(ctx context.Context) (*fixwire.Session, error) {
	for {
		w.mu.Lock()
		session, up, said := w.session, w.up, w.lastSaid
		w.mu.Unlock()
		if session != nil {
			return session, nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%s is not connected (%s): %w", w.cfg.Sender, said, ctx.Err())
		case <-up:
		}
	}
}

// Numbers returns the sequence numbers of the next message to send and of the next one due.
func (w *Witness) Numbers() (out, in int) { return w.journal.Next() }
