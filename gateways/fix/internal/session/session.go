// Package session puts together what one provider's session needs, so that it can be started and stopped as one: the
// store's writer, the engine, the way in and the way out. Who starts it must hold the session, by its epoch.
package session

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/gateways/fix/internal/answers"
	"fxcore/gateways/fix/internal/dialect"
	"fxcore/gateways/fix/internal/engine"
	"fxcore/gateways/fix/internal/messages"
	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/internal/absence"
	"fxcore/gateways/internal/ingest"
	"fxcore/gateways/internal/loops"
	"fxcore/gateways/internal/store"
	"fxcore/lambda/amqp"
)

// Bus is the session with the broker.
type Bus interface {
	ingest.Publisher
	absence.Publisher
	ConsumeFirst(ctx context.Context, queue string, rank int64, h amqp.Handler) error
}

// Shared is what all sessions of the gateway share.
type Shared struct {
	Pool         *pgxpool.Pool
	Bus          Bus
	Deadline     time.Duration // of a request, from its TransactTime(60)
	Dictionaries engine.Dictionaries
	QueueLimit   int    // requests of one provider that wait for the broker
	UnderWay     int    // batches of a provider's requests that the broker has not confirmed yet
	Source       string // who publishes
	Log          *slog.Logger
	Clock        func() time.Time // for schedules; nil: the machine's
}

func (s Shared) now() time.Time {
	if s.Clock != nil {
		return s.Clock()
	}
	return time.Now()
}

// Session is one provider's session.
type Session struct {
	*engine.Engine

	shared Shared
	store  *store.Session
	queue  *ingest.Queue
	teller *answers.Teller
	ahead  *ahead // is told when the session has ended

	loops   loops.Loops
	mu      sync.Mutex
	failure error
}

// drainBound is how long stopping waits for the broker to confirm what it was sent.
const drainBound = 2 * time.Second

// newSession returns a provider's session, stopped.
func newSession(p provider.Provider, shared Shared, a *ahead) *Session {
	facts := dialect.Session{Provider: p.ID, BeginString: p.BeginString, DefaultApplVerID: p.DefaultApplVerID}
	s := &Session{ahead: a, shared: shared, store: store.New(shared.Pool, engine.SessionID(p).String(), engine.Answer, shared.Log)}
	speech := dialect.New(dialect.Settings{Deadline: shared.Deadline, Variation: p.Variation})
	s.teller = answers.New(facts, speech, shared.Log)
	s.queue = ingest.New(shared.Bus, shared.QueueLimit, shared.UnderWay, s.teller.Confirmed)
	s.Engine = engine.New(p, s.store, speech, shared.Dictionaries, s.queue, shared.Log)
	s.teller.Engine, s.teller.Store, s.teller.Unconfirmed = s.Engine, s.store, s.queue
	return s
}

// Start opens the session under an epoch that the caller holds, and serves it. It is called once; its engine may run already.
func (s *Session) Start(ctx context.Context, epoch int64) error {
	if err := s.store.Open(ctx, epoch); err != nil {
		s.ahead.giveBack(s)
		return err
	}
	if err := s.renew(s.shared.now()); err != nil {
		return err
	}
	s.run(ctx, "store", s.store.Run)
	s.run(ctx, "ingest", s.queue.Run)
	s.run(ctx, "answers", s.teller.Run)
	if err := s.Engine.Start(ctx); err != nil {
		return errors.Join(err, s.Stop(ctx))
	}
	queue := messages.Queue(s.Provider().ID)
	s.run(ctx, "consume", func(ctx context.Context) error { return s.shared.Bus.ConsumeFirst(ctx, queue, epoch, s.teller) })
	s.run(ctx, "hours", s.keepHours)
	s.watchAbsence(ctx, epoch)
	return nil
}

// Stop logs the provider out, waits for what is under way as long as that may help, and returns when ctx ends at the
// latest. What the broker has not confirmed then will be asked for again.
func (s *Session) Stop(ctx context.Context) error {
	defer s.ahead.makeLater()
	var errs []error
	stop := func(name string) { errs = append(errs, s.stop(ctx, name)) }
	stop("hours")
	stop("absence")
	stop("consume")
	errs = append(errs, s.Engine.Stop(ctx))
	s.drain(ctx)
	stop("answers")
	stop("ingest")
	stop("store")
	return errors.Join(errs...)
}

// Abandon ends the session without another word, and returns when ctx ends at the latest. What was not stored by now
// never will be: whoever holds the session asks the provider for it, or is handed it by the broker.
func (s *Session) Abandon(ctx context.Context) error {
	defer s.ahead.makeLater()
	s.store.Abandon()
	var errs []error
	for _, name := range []string{"hours", "absence", "consume", "answers", "ingest", "store"} {
		errs = append(errs, s.stop(ctx, name))
	}
	return errors.Join(append(errs, s.Engine.Stop(ctx))...)
}

func (s *Session) drain(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, drainBound)
	defer cancel()
	s.queue.Drain(ctx)
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
