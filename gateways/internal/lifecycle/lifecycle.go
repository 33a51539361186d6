// Package lifecycle begins and ends the parts of a provider's session, for any protocol. The order decides whether a message
// is lost or doubled when another instance takes the session over, so only this package knows it.
//
// The parts are the writer of the store, the queue of requests to the broker, the teller of answers, the consumer of the
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
	"fxcore/gateways/internal/refused"
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

// Shared has what all sessions of a gateway use.
type Shared struct {
	Pool       *pgxpool.Pool
	Bus        Bus
	Queue      func(provider string) string // name of the queue of a provider's answers
	Deadline   time.Duration                // how long a request is valid, from its transaction time
	QueueLimit int                          // bound of the requests of one provider that wait for the broker
	UnderWay   int                          // bound of the batches of one provider that the broker has not confirmed
	Bank       func() time.Time             // the bank's clock, by which requests are dated and judged; nil is the machine's
	Source     string                       // service and replica that publish
	Log        *slog.Logger
}

// BankTime returns the bank's time. Everything about connections goes by real time instead.
func (s Shared) BankTime() time.Time {
	if s.Bank == nil {
		return time.Now()
	}
	return s.Bank()
}

// Protocol is the part of a session that depends on its protocol. Only Status is called concurrently with other methods.
type Protocol interface {
	// Prepare makes ready what a connection needs. It does nothing if that is ready.
	Prepare(ctx context.Context) error
	// Resume restores the state of the last holder from the store. The store is open, its writer does not run yet, and the
	// provider is not connected.
	Resume(ctx context.Context) error
	// Loops returns the protocol's own loops. They begin last and end first.
	Loops() []Loop
	// Finish takes no more requests from the provider, and calls Drain for those that were taken.
	Finish(ctx context.Context) error
	// Cut stops all messages to and from the provider at once. The store already refuses messages.
	Cut()
	// Close ends the connection and waits for its end. Error: ctx's. The store's writer has ended before.
	Close(ctx context.Context) error

	// Status returns the present state of the session.
	Status() seat.Status
	// Changed receives a value after the provider has logged on or off.
	Changed() <-chan struct{}
}

// Loop is a goroutine of a session.
type Loop struct {
	Name string
	Run  func(ctx context.Context) error
}

// Parts is what New needs from the protocol. M is a message to the provider.
type Parts[M any] struct {
	Account providerfile.Account
	Name    string // of the session in the store
	Split   store.Split
	Dialect answers.Dialect[M]
}

// Session is one provider's session under one lease. It is opened and started once, then stopped or abandoned.
type Session[M any] struct {
	Store    *store.Session
	Requests *ingest.Queue // on their way to the broker
	Teller   *answers.Teller[M]
	Refusals *refused.Book // of the provider's messages

	parts    Parts[M]
	shared   Shared
	protocol Protocol
	epoch    int64 // of the lease, from Open on

	loops   loops.Loops
	mu      sync.Mutex
	failure error
}

// New returns a session that is not opened. Call Connect next.
func New[M any](parts Parts[M], shared Shared) *Session[M] {
	s := &Session[M]{
		parts: parts, shared: shared,
		Store: store.New(shared.Pool, parts.Name, parts.Split, shared.Log), Teller: answers.New[M](parts.Account.ID, shared.Log),
	}
	who := refused.Who{Provider: parts.Account.ID, Origin: parts.Account.Origin(), Session: parts.Name, Source: shared.Source}
	s.Refusals = refused.NewBook(who, shared.BankTime)
	s.Requests = ingest.New(shared.Bus, shared.QueueLimit, shared.UnderWay, s.Teller.Confirmed)
	s.Teller.Kept, s.Teller.Repeats, s.Teller.Durable, s.Teller.Received = s.Store.Kept, s.Store.Repeats, s.Store.Out, s.Store.In
	s.Teller.Unconfirmed, s.Teller.Dialect = s.Requests, parts.Dialect
	return s
}

// Connect sets the session's protocol, and the engine that sends its answers.
func (s *Session[M]) Connect(engine answers.Engine[M], protocol Protocol) {
	s.Teller.Engine, s.protocol = engine, protocol
}
