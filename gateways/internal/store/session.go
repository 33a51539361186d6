package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Errors of a session's methods.
var (
	ErrFenced  = errors.New("another instance holds the session: nothing more is written")
	ErrBacklog = errors.New("too many messages wait for the store")
)

// Bounds of the messages that wait for the writer. At the soft bound the session is Busy and refuses requests; at the hard
// bound Append and Save fail with ErrBacklog.
const (
	softRecords = 16_384
	hardRecords = 32_768
	hardBytes   = 64 << 20
)

// Split returns the part of a message that is kept as an answer to repeated requests, and its kind.
type Split func(m Sent) (kind string, body []byte)

// Sent is a message with its number.
type Sent struct {
	Generation int
	Seq        int
	Body       []byte
}

// Session is the store of one session. It is empty until Open and must not be used before. All methods are safe for
// concurrent use. Callers get only the part that they need: In, Out, Kept or Repeats.
type Session struct {
	*session

	In   Incoming // numbers of the provider's messages
	Out  Outgoing // messages to the provider, and when they are durable
	Kept Kept     // messages and answers that were sent before

	Repeats Repeats // repeated requests that wait for a final answer
}

// Incoming counts the provider's messages.
type Incoming struct{ *session }

// Outgoing takes the messages to the provider, and tells when they are durable.
type Outgoing struct{ *session }

// Kept looks up what was sent.
type Kept struct{ *session }

// session is the state that the parts share.
type session struct {
	name  string
	pool  *pgxpool.Pool
	split Split
	log   *slog.Logger

	sending sync.RWMutex // exclusive while messages are sent again

	mu          sync.Mutex
	row         row
	unconfirmed []int     // incoming numbers that the broker has not confirmed, in order
	refused     refusals  // incoming messages that were refused
	queue       []record  // saved, not yet being written
	writing     []record  // being written
	bytes       int       // in queue and writing
	saved       uint64    // records since Open
	committed   uint64    // of these, how many are durable
	covered     covered   // what the last commit says about the way out
	dirty       bool      // the row differs from what is stored
	attached    *Cause    // of the next message to be saved
	uncount     bool      // the next incoming message is not to be counted
	ended       error     // why nothing is written any more
	failing     time.Time // since when commits fail; zero while they do not
	changed     chan struct{}
	wake        chan struct{}

	over context.Context //nolint:containedctx // ends when nothing is written any more
	stop context.CancelFunc
}

// row is the row of the session in Postgres.
type row struct {
	id         int32
	epoch      int64
	generation int
	created    time.Time
	nextIn     int
	nextOut    int
	recallFrom int
}

type covered struct {
	generation int
	seq        int
}

// New returns the store of the session with this name. Nothing is read before Open.
func New(pool *pgxpool.Pool, name string, split Split, log *slog.Logger) *Session {
	over, stop := context.WithCancel(context.Background())
	shared := &session{
		name: name, pool: pool, split: split, log: log, row: row{nextIn: 1, nextOut: 1},
		changed: make(chan struct{}), wake: make(chan struct{}, 1), over: over, stop: stop,
	}
	return &Session{shared, Incoming{shared}, Outgoing{shared}, Kept{shared}, Repeats{shared}}
}

// within returns a context for a call to Postgres. It ends at the bound, and when the session ends: a call that waits has
// locks that the next holder of the session needs.
func (s *session) within(ctx context.Context, bound time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(ctx, bound)
	free := context.AfterFunc(s.over, cancel)
	return ctx, func() {
		free()
		cancel()
	}
}

// Busy reports whether so many messages wait for Postgres that the gateway should refuse requests.
func (s *Session) Busy() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue)+len(s.writing) >= softRecords
}

// Ended returns nil while the session can be written. Error: ErrFenced.
func (s *Session) Ended() error { return s.whyEnded() }

func (s *session) whyEnded() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ended
}

// Check returns nil while commits succeed. Else its error says since when they fail.
func (s *Session) Check() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.ended != nil:
		return fmt.Errorf("%s: %w", s.name, s.ended)
	case !s.failing.IsZero():
		return fmt.Errorf("%s: nothing was stored since %s", s.name, s.failing.UTC().Format(time.TimeOnly))
	}
	return nil
}

// broadcast wakes all goroutines that wait for a change. The caller holds mu.
func (s *session) broadcast() {
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *session) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
