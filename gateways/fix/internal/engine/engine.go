// Package engine runs one provider's FIX session: a quickfix acceptor of its own, on a loopback port that takes
// connections of the front alone, on the session's store.
//
// An Engine is built once and may be started and stopped under whatever decides that this instance holds the session.
package engine

import (
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/dialect"
	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/fix/internal/variation"
	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/ingest"
	"fxcore/gateways/internal/seat"
	"fxcore/gateways/internal/store"
)

// Dialect turns a provider's messages into events.
type Dialect interface {
	ToEvent(s dialect.Session, entryID string, now time.Time, m *quickfix.Message) (dialect.Incoming, quickfix.MessageRejectError)
	Overloaded(s dialect.Session, m *quickfix.Message) quickfix.MessageRejectError
}

// Requests takes what the provider asks for, without waiting; false if there is no room.
type Requests interface {
	Submit(r *ingest.Request) bool
}

// Dictionaries returns the paths of a dialect's dictionaries, see dialect.WriteDictionaries.
type Dictionaries func(v variation.Variation) (map[string]string, error)

// Engine is one provider's connection to its session: what the front needs of the session, but for its beginning and end.
type Engine struct {
	provider     provider.Provider // as the session began; see Provider
	id           quickfix.SessionID
	facts        dialect.Session
	store        *store.Session
	dialect      Dialect
	dictionaries Dictionaries
	requests     Requests
	log          *slog.Logger

	slot     chan struct{} // held by the one connection
	outgoing atomic.Pointer[outgoing]

	mu       sync.Mutex
	now      provider.Provider // what may change while the session goes on
	farewell string            // what the provider is told when the engine stops
	ending   string            // what it is told whatever quickfix says when it logs out next
	acceptor *quickfix.Acceptor
	address  string             // of the acceptor; empty while it does not run
	ours     map[string]bool    // local addresses of the front's connections
	refusal  string             // why the logon under way must be refused
	parting  string             // why a provider that was logged on is logged out
	faults   map[int]wire.Fault // incoming messages that came without their body, and why
	loggedOn bool
	since    time.Time
	stopping bool
	changed  chan struct{} // has something in it after loggedOn has changed
}

// SessionID is how quickfix knows the session of a provider.
func SessionID(p provider.Provider) quickfix.SessionID {
	return quickfix.SessionID{BeginString: p.BeginString, SenderCompID: p.OurCompID, TargetCompID: p.CompID}
}

// New returns the engine of a provider's session, stopped.
func New(p provider.Provider, s *store.Session, d Dialect, dictionaries Dictionaries, requests Requests, log *slog.Logger) *Engine {
	return &Engine{
		provider: p, now: p, id: SessionID(p), store: s, dialect: d, dictionaries: dictionaries, requests: requests,
		facts: dialect.Session{Provider: p.ID, BeginString: p.BeginString, DefaultApplVerID: p.DefaultApplVerID},
		log:   log.With("provider", p.ID), slot: make(chan struct{}, 1),
		ours: map[string]bool{}, faults: map[int]wire.Fault{}, since: time.Now(), changed: make(chan struct{}, 1),
	}
}

// outgoing is a message of ours on its way through quickfix, which hands it to ToApp.
type outgoing struct {
	msg   *quickfix.Message
	cause *store.Cause
}

// Send numbers and stores a message with its cause, and sends it if the provider is logged on; if not, the provider
// will find the gap when it logs on, and ask for it. One goroutine at a time may send. Errors: those of the store, and
// that the engine does not run; then nothing was stored.
func (e *Engine) Send(msg *quickfix.Message, cause *store.Cause) error {
	if err := errors.Join(cause.Check(), e.store.Ended()); err != nil {
		return err
	}
	if !e.runs() {
		return fmt.Errorf("send to %s: %w", e.provider.ID, errStopped)
	}
	e.outgoing.Store(&outgoing{msg, cause})
	err := e.store.Out.Live(func() error { return quickfix.SendToTarget(msg, e.id) })
	if err != nil {
		return fmt.Errorf("send to %s: %w", e.provider.ID, err)
	}
	return nil
}

// Changed hands out something after the provider has logged on, or is no longer logged on.
func (e *Engine) Changed() <-chan struct{} { return e.changed }

func (e *Engine) tell() {
	select {
	case e.changed <- struct{}{}:
	default:
	}
}

// Status tells how the session is now.
func (e *Engine) Status() seat.Status {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := seat.Status{LoggedOn: e.loggedOn, Since: e.since}
	s.NextIn, s.NextOut = e.store.Numbers()
	return s
}

var (
	_ quickfix.ConnectionValidator = (*Engine)(nil)

	errStopped = errors.New("engine does not run")
)

// sequence formats a MsgSeqNum.
func sequence(seq int) string { return strconv.Itoa(seq) }
