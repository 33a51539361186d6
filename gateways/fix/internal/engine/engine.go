// Package engine runs one provider's FIX session. Each session has its own quickfix acceptor, which uses the session's store. The
// acceptor listens on a loopback port and accepts only the front's connections.
//
// An Engine is built once. The lifecycle of the session starts and stops it while this instance holds the session.
package engine

import (
	"crypto/rand"
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
	"fxcore/gateways/fix/internal/syntax"
	"fxcore/gateways/fix/internal/variation"
	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/door"
	"fxcore/gateways/internal/ingest"
	"fxcore/gateways/internal/refused"
	"fxcore/gateways/internal/seat"
	"fxcore/gateways/internal/store"
)

// Dialect turns a provider's messages into events.
type Dialect interface {
	ToEvent(s dialect.Session, id dialect.EventID, now time.Time, m *quickfix.Message) (dialect.Incoming, quickfix.MessageRejectError)
	Overloaded(s dialect.Session, m *quickfix.Message) quickfix.MessageRejectError
}

// Requests queues requests for the broker. Submit does not wait; it returns false if there is no room.
type Requests interface {
	Submit(r *ingest.Request) bool
}

// Dictionaries returns the paths of a dialect's dictionaries, see dialect.WriteDictionaries.
type Dictionaries func(v variation.Variation) (map[string]string, error)

// Engine is one provider's FIX session, as the front uses it.
type Engine struct {
	provider     provider.Provider // with the rules at the start of the session; see Provider
	id           quickfix.SessionID
	facts        dialect.Session
	store        *store.Session
	dialect      Dialect
	dictionaries Dictionaries
	requests     Requests
	log          *slog.Logger

	slot     chan struct{}            // a token for the one connection
	serving  atomic.Pointer[presence] // the connection whose Logon the session took last
	outgoing atomic.Pointer[outgoing]
	owed     owed
	pending  pending
	arrived  arrived // the provider's messages on their way to the acceptor
	said     *door.Said
	resends  resends  // only the session's goroutine uses it
	promise  *promise // what the Logon promised by NextExpectedMsgSeqNum(789); only the session's goroutine uses it

	mu       sync.Mutex
	now      provider.Provider // with the present rules
	farewell string            // text for the provider when the engine stops
	ending   string            // text of the next Logout, instead of quickfix's
	acceptor *quickfix.Acceptor
	rules    *syntax.Rules      // nil until they are needed
	address  string             // of the acceptor; empty while it does not run
	ours     map[string]bool    // local addresses of the front's connections
	dialled  *presence          // the last connection
	refusal  string             // why the present logon must be refused
	parting  string             // why a provider that was logged on is logged out
	faults   map[int]wire.Fault // by number: why an incoming message came without its body
	received map[int][]byte     // by number: a message that the acceptor gets in another form, as it came
	loggedOn bool
	since    time.Time
	bank     func() time.Time // the bank's clock, by which requests are dated and judged
	refusals *refused.Book    // nil: what is refused is not told
	stopping bool
	changed  chan struct{} // receives a value after loggedOn has changed
}

// SessionID returns the id of a provider's session. Its text is the session's name in the store.
func SessionID(p provider.Provider) quickfix.SessionID {
	return quickfix.SessionID{BeginString: p.BeginString, SenderCompID: p.OurCompID, TargetCompID: p.CompID}
}

// ownID returns the id under which quickfix registers one engine of a provider's session. quickfix refuses an id that is registered
// already ("Duplicate SessionID"), and an engine that was stopped is registered until its last goroutine has ended. So each engine has
// an id of its own, and need not wait for the one before. The qualifier is in no message.
func ownID(p provider.Provider) quickfix.SessionID {
	id := SessionID(p)
	id.Qualifier = rand.Text()
	return id
}

// New returns the engine of a provider's session, stopped.
func New(p provider.Provider, s *store.Session, d Dialect, dictionaries Dictionaries, requests Requests, log *slog.Logger) *Engine {
	return &Engine{
		provider: p, now: p, id: ownID(p), store: s, dialect: d, dictionaries: dictionaries, requests: requests,
		facts: dialect.Session{Provider: p.ID, BeginString: p.BeginString, DefaultApplVerID: p.DefaultApplVerID, ShowsLimits: p.ShowsLimits},
		log:   log.With("provider", p.ID), slot: make(chan struct{}, 1), said: door.NewSaid(),
		ours: map[string]bool{}, faults: map[int]wire.Fault{}, received: map[int][]byte{}, since: time.Now(), bank: time.Now, changed: make(chan struct{}, 1),
	}
}

// By sets the bank's clock. Without it the engine takes the machine's. Call it before the engine runs.
func (e *Engine) By(bank func() time.Time) *Engine {
	e.bank = bank
	return e
}

// Tell sets where refused messages are told. Without it they are not. Call it before the engine runs.
func (e *Engine) Tell(refusals *refused.Book) *Engine {
	e.refusals = refusals
	return e
}

// outgoing is a message on its way from Send through quickfix to ToApp.
type outgoing struct {
	msg   *quickfix.Message
	cause *store.Cause
}

// Send gives a message its number, stores it with its cause, and sends it if the provider is logged on. Else the provider finds
// the gap at its next logon and asks for the message. Send waits while a promise is kept, see owed. Only one goroutine at a
// time may call Send. Errors: those of the store, and an engine that does not run. After an error nothing was stored.
func (e *Engine) Send(msg *quickfix.Message, cause *store.Cause) error {
	if err := errors.Join(cause.Check(), e.store.Ended()); err != nil {
		return err
	}
	if !e.runs() {
		return fmt.Errorf("send to %s: %w", e.provider.ID, errStopped)
	}
	e.outgoing.Store(&outgoing{msg, cause})
	err := e.owed.pass(func() error {
		return e.store.Out.Live(func() error { return quickfix.SendToTarget(msg, e.id) })
	})
	if err != nil {
		return fmt.Errorf("send to %s: %w", e.provider.ID, err)
	}
	e.pending.follow(cause)
	return nil
}

// Changed receives a value after the provider has logged on or off.
func (e *Engine) Changed() <-chan struct{} { return e.changed }

func (e *Engine) tell() {
	select {
	case e.changed <- struct{}{}:
	default:
	}
}

// Status returns the present state of the session.
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
