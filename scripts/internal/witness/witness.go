// Package witness plays providers that record everything that they send and receive, for the oracle to judge. A
// provider keeps its session whatever happens to the core.
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

// Witness is one provider that uses FIX. Only Ask is limited to one goroutine.
type Witness struct {
	cfg     fixwire.Config
	journal *fixwire.Journal
	record  *record.Writer
	name    string
	now     func() time.Time // the bank's clock
	handle  func(oracle.Answer, *fixwire.Message)
	*open

	mu       sync.Mutex
	session  *fixwire.Session
	up       chan struct{}  // closed while there is a session
	bySeq    map[int]string // references by MsgSeqNum
	sending  string         // reference of the last message, whose MsgSeqNum may not be known yet
	left     time.Time      // when the last session ended; zero if none has
	lastSaid string
}

// The pause before the next attempt to connect. It is short for two reasons: another instance may accept the session
// at once, and the pause limits how exactly the time without a session can be measured.
const (
	firstPause = 10 * time.Millisecond
	lastPause  = 20 * time.Millisecond
)

// New makes a witness whose first session begins at sequence number 1. name is the name of its record. The session's
// goroutine calls handle for each recorded answer; the message is valid until handle returns.
func New(cfg fixwire.Config, w *record.Writer, name string, handle func(oracle.Answer, *fixwire.Message)) *Witness {
	cfg.Reset = true
	return &Witness{
		cfg: cfg, journal: fixwire.NewJournal(), record: w, name: name, now: time.Now, handle: handle,
		open: newOpen(cfg.Sender), up: make(chan struct{}), bySeq: map[int]string{},
	}
}

// Provider returns the provider's id (SenderCompID 49).
func (w *Witness) Provider() string { return w.cfg.Sender }

// Run keeps a session until ctx ends. After a session has ended, the next one continues its sequence numbers.
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

// Left returns when the last session ended; zero if none has.
func (w *Witness) Left() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.left
}

// Connected waits for a session. When ctx ends, its error says why the last attempt failed.
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
