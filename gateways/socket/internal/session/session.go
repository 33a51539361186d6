// Package session is one provider's session: it numbers, keeps and tells the answers, takes the requests in order, and serves
// the one connection that the provider has. Who starts it must hold the session, by its epoch.
package session

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/gateways/internal/answers"
	"fxcore/gateways/internal/door"
	"fxcore/gateways/internal/ingest"
	"fxcore/gateways/internal/loops"
	"fxcore/gateways/internal/store"
	"fxcore/gateways/socket/internal/dialect"
	"fxcore/gateways/socket/internal/messages"
	"fxcore/gateways/socket/internal/provider"
	"fxcore/lambda/amqp"
)

// Bus is the session with the broker.
type Bus interface {
	ingest.Publisher
	ConsumeFirst(ctx context.Context, queue string, rank int64, h amqp.Handler) error
}

// Shared is what all sessions of the gateway share.
type Shared struct {
	Pool         *pgxpool.Pool
	Bus          Bus
	Deadline     time.Duration // of a request, from its transacted_at
	QueueLimit   int           // requests of one provider that wait for the broker
	UnderWay     int           // batches of a provider's requests that the broker has not confirmed yet
	WriteTimeout time.Duration // for a provider to take what it is sent
	Log          *slog.Logger
}

// Session is one provider's session.
type Session struct {
	provider  provider.Provider
	shared    Shared
	log       *slog.Logger
	dialect   *dialect.Dialect
	store     *store.Session
	queue     *ingest.Queue
	teller    *answers.Teller[[]byte]
	recent    recent
	undecided undecided
	untold    untold
	taken     taken
	again     int // requests with a lower number may have come before: to whoever had the session

	sending sync.Mutex // of what gets a number

	loops    loops.Loops
	mu       sync.Mutex
	visit    *visit // the one connection
	visits   int    // how many there were
	ended    bool   // no connection any more
	since    time.Time
	failure  error
	pace     door.Rate // of what the provider may send; it may change under way
	farewell string    // what the provider is told when the session stops
}

// drainBound is how long stopping waits for the broker to confirm what it was sent.
const drainBound = 2 * time.Second

// New returns a provider's session, stopped.
func New(p provider.Provider, shared Shared) *Session {
	s := &Session{
		provider: p, shared: shared, log: shared.Log.With("provider", p.ID), since: time.Now(), pace: p.Throttle,
		dialect: dialect.New(p.ID, p.Origin(), shared.Deadline),
		store:   store.New(shared.Pool, "socket:"+p.ID, split, shared.Log),
	}
	s.teller = answers.New[[]byte](p.ID, shared.Log)
	s.queue = ingest.New(shared.Bus, shared.QueueLimit, shared.UnderWay, s.teller.Confirmed)
	s.teller.Engine, s.teller.Store, s.teller.Unconfirmed, s.teller.Dialect = s, s.store, s.queue, written{s}
	return s
}

// Start opens the session under an epoch that the caller holds, and serves it. It is called once.
func (s *Session) Start(ctx context.Context, epoch int64) error {
	if err := s.store.Open(ctx, epoch); err != nil {
		return err
	}
	if err := s.begin(ctx); err != nil {
		return err
	}
	s.run(ctx, "store", s.store.Run)
	s.run(ctx, "ingest", s.queue.Run)
	s.run(ctx, "answers", s.teller.Run)
	queue := messages.Queue(s.provider.ID)
	s.run(ctx, "consume", func(ctx context.Context) error { return s.shared.Bus.ConsumeFirst(ctx, queue, epoch, s.teller) })
	return nil
}

// begin goes on where the last holder was, or begins the session that the provider file names.
func (s *Session) begin(ctx context.Context) error {
	in, out := s.store.Numbers()
	s.again = in + s.shared.QueueLimit
	_, generation, _ := s.store.Entry()
	if err := s.recall(ctx, generation, out); err != nil {
		return err
	}
	if generation < s.provider.Session {
		s.log.Info("session ends, the next one begins", "session", Name(s.provider.Session))
		return s.store.Turn(s.provider.Session)
	}
	return nil
}

func (s *Session) run(ctx context.Context, name string, body func(context.Context) error) {
	s.loops.Go(ctx, name, body, s.fail)
}

// fail notes that a loop has ended by itself. The store's does so when another instance has taken the session.
func (s *Session) fail(_ context.Context, err error) {
	s.log.Error("session ends", "error", err)
	s.mu.Lock()
	s.failure = err
	s.mu.Unlock()
	s.hangUp(errEnded)
}

// Stop takes no more requests, waits for what is under way as long as that may help, tells what is durable, and returns
// when ctx ends at the latest. What the broker has not confirmed then is not received: it is sent again.
func (s *Session) Stop(ctx context.Context) error {
	var errs []error
	stop := func(name string) { errs = append(errs, s.loops.Stop(ctx, name)) }
	stop("consume")
	s.stopTaking()
	s.drain(ctx)
	errs = append(errs, s.teller.Flush(ctx))
	stop("answers")
	stop("ingest")
	stop("store")
	s.hangUp(errStopping)
	return errors.Join(append(errs, s.gone(ctx))...)
}

// Abandon ends the session without another word, and returns when ctx ends at the latest. What was not stored by now
// never will be: the provider sends it again to whoever holds the session, or the broker hands it over.
func (s *Session) Abandon(ctx context.Context) error {
	s.store.Abandon()
	s.stopTaking()
	s.hangUp(errEnded)
	var errs []error
	for _, name := range []string{"consume", "answers", "ingest", "store"} {
		errs = append(errs, s.loops.Stop(ctx, name))
	}
	return errors.Join(append(errs, s.gone(ctx))...)
}

func (s *Session) drain(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, drainBound)
	defer cancel()
	s.queue.Drain(ctx)
}

// Update changes what is looked at while the session goes on, see provider.SameSession.
func (s *Session) Update(p provider.Provider) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pace = p.Throttle
}

func (s *Session) rate() door.Rate {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pace
}

// Farewell says what the provider is told when the session stops.
func (s *Session) Farewell(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.farewell = text
}

// Check is nil while the session can be served.
func (s *Session) Check(context.Context) error {
	s.mu.Lock()
	failure := s.failure
	s.mu.Unlock()
	return errors.Join(failure, s.store.Check())
}

// Waiting is the number of requests that the broker has not confirmed.
func (s *Session) Waiting() int { return s.queue.Depth() }

// Name is the session of a generation as a login names it.
func Name(generation int) string { return fmt.Sprintf("S%d", generation) }
