// Package lifecycle begins and ends a provider's session, whatever its protocol. In which order the parts of a session
// begin and end decides what is lost and what is doubled when a session changes hands, so the order stands here alone.
//
// The parts are the store's writer, the way of the requests to the broker, the teller of the answers, the consumer of the
// provider's queue, and the watch over the provider's absence. A Protocol adds the connection to the provider.
package lifecycle

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/gateways/internal/absence"
	"fxcore/gateways/internal/answers"
	"fxcore/gateways/internal/ingest"
	"fxcore/gateways/internal/loops"
	"fxcore/gateways/internal/providerfile"
	"fxcore/gateways/internal/seat"
	"fxcore/gateways/internal/store"
	"fxcore/lambda/amqp"
)

// Bus is the session with the broker.
type Bus interface {
	ingest.Publisher
	absence.Publisher
	ConsumeFirst(ctx context.Context, queue string, rank int64, h amqp.Handler) error
}

// Shared is what all sessions of a gateway share.
type Shared struct {
	Pool       *pgxpool.Pool
	Bus        Bus
	Queue      func(provider string) string // name of the queue of a provider's answers
	Deadline   time.Duration                // of a request, from when the provider transacted it
	QueueLimit int                          // requests of one provider that wait for the broker
	UnderWay   int                          // batches of a provider's requests that the broker has not confirmed yet
	Source     string                       // who publishes: service and replica
	Log        *slog.Logger
}

// Protocol is what a session does in its protocol's own way. Its methods are called one at a time, but for Status.
type Protocol interface {
	// Prepare makes ready what a connection needs. It does nothing where that is ready.
	Prepare(ctx context.Context) error
	// Resume goes on where the last holder was. The store is open; nothing is written yet, and nobody is connected.
	Resume(ctx context.Context) error
	// Loops are the protocol's own. They begin last and end first.
	Loops() []Loop
	// Finish takes no more from the provider. What was taken is brought to an end as far as Drain helps.
	Finish(ctx context.Context) error
	// Cut ends the way to the provider and back at once. The store takes nothing any more.
	Cut()
	// Close ends the connection, and returns when it has ended, or with ctx's error. The writer has ended before.
	Close(ctx context.Context) error

	// Status tells how the session is.
	Status() seat.Status
	// Changed has something in it after the provider has logged on, or is no longer logged on.
	Changed() <-chan struct{}
}

// Loop is a goroutine of a session.
type Loop struct {
	Name string
	Run  func(ctx context.Context) error
}

// Parts are what a protocol brings to a session before it exists. M is a message to the provider.
type Parts[M any] struct {
	Account providerfile.Account
	Name    string // of the session in the store
	Split   store.Split
	Dialect answers.Dialect[M]
}

// Session is one provider's session under one lease. It is opened and started once, and then stopped or abandoned.
type Session[M any] struct {
	Store    *store.Session
	Requests *ingest.Queue // on their way to the broker
	Teller   *answers.Teller[M]

	parts    Parts[M]
	shared   Shared
	protocol Protocol
	epoch    int64 // of the lease, from Open on

	loops   loops.Loops
	mu      sync.Mutex
	failure error
}

// New returns a session that is not opened. Connect is to be called next.
func New[M any](parts Parts[M], shared Shared) *Session[M] {
	s := &Session[M]{
		parts: parts, shared: shared,
		Store: store.New(shared.Pool, parts.Name, parts.Split, shared.Log), Teller: answers.New[M](parts.Account.ID, shared.Log),
	}
	s.Requests = ingest.New(shared.Bus, shared.QueueLimit, shared.UnderWay, s.Teller.Confirmed)
	s.Teller.Kept, s.Teller.Durable, s.Teller.Received = s.Store.Kept, s.Store.Out, s.Store.In
	s.Teller.Unconfirmed, s.Teller.Dialect = s.Requests, parts.Dialect
	return s
}

// Connect gives the session its protocol, and the engine that sends its answers.
func (s *Session[M]) Connect(engine answers.Engine[M], protocol Protocol) {
	s.Teller.Engine, s.protocol = engine, protocol
}
