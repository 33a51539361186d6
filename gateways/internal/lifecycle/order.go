package lifecycle

import (
	"context"
	"errors"
	"time"

	"fxcore/gateways/internal/absence"
	"fxcore/gateways/internal/store"
)

const (
	drainBound = 2 * time.Second // when the session stops: for the broker to confirm its requests
	failBound  = 2 * time.Second // for the connection to end after a loop has failed
)

// Open reads the session as the last holder left it, under the epoch of the caller's lease. From then on an older holder
// cannot write. It may be called again if it fails.
func (s *Session[M]) Open(ctx context.Context, epoch int64) error {
	s.epoch = epoch
	return s.Store.Open(ctx, epoch)
}

// Start begins to serve the session, after Open. If it fails, the session has ended.
func (s *Session[M]) Start(ctx context.Context) error {
	if err := s.protocol.Resume(ctx); err != nil {
		return errors.Join(err, s.Stop(ctx))
	}
	s.run(ctx, "store", s.Store.Run)
	s.run(ctx, "ingest", s.Requests.Run)
	s.run(ctx, "answers", s.Teller.Run)
	if err := s.protocol.Prepare(ctx); err != nil {
		return errors.Join(err, s.Stop(ctx))
	}
	s.run(ctx, "consume", s.consume)
	s.watchAbsence(ctx)
	for _, l := range s.protocol.Loops() {
		s.run(ctx, l.Name, l.Run)
	}
	return nil
}

// consume passes the events of the provider's queue to the teller, after it has taken up the repeats of the last holder. The
// broker prefers the consumer with the highest epoch. The teller leaves the events to the next holder once this one has lost the
// session.
func (s *Session[M]) consume(ctx context.Context) error {
	err := s.Teller.Resume(ctx)
	if err == nil {
		err = s.shared.Bus.ConsumeFirst(ctx, s.shared.Queue(s.parts.Account.ID), s.epoch, s.Teller)
	}
	if errors.Is(err, store.ErrFenced) || ctx.Err() != nil {
		return nil //nolint:nilerr // the store says why, and its session ends
	}
	return err
}

// watchAbsence begins to watch whether the provider stays away, if its rules say so.
func (s *Session[M]) watchAbsence(ctx context.Context) {
	a := s.parts.Account
	if a.CancelAfter == 0 {
		return
	}
	watch := absence.Watch{
		Pool: s.shared.Pool, Bus: s.shared.Bus, Name: s.parts.Name, Epoch: s.epoch,
		Provider: a.ID, Origin: a.Origin(), Grace: time.Duration(a.CancelAfter), Source: s.shared.Source,
		Present: func() bool { return s.protocol.Status().LoggedOn }, Changed: s.protocol.Changed(), Log: s.shared.Log,
	}
	s.run(ctx, "absence", watch.Run)
}

// Stop ends the session in good order. It takes no more requests, waits a while for the broker to confirm those under way,
// and stores the rest. A request that the broker has not confirmed then does not count as received, so the provider sends
// it again. Stop returns when ctx ends at the latest.
func (s *Session[M]) Stop(ctx context.Context) error {
	errs := []error{
		s.stopLoops(ctx),
		s.stop(ctx, "consume"),
		s.protocol.Finish(ctx),
		s.stop(ctx, "answers"),
		s.stop(ctx, "ingest"),
		s.stop(ctx, "store"),
		s.protocol.Close(ctx),
	}
	return errors.Join(errs...)
}

// Abandon ends the session at once: it sends nothing and stores nothing more. The next holder gets what was not stored from
// the provider or from the broker. Abandon returns when ctx ends at the latest.
func (s *Session[M]) Abandon(ctx context.Context) error {
	s.Store.Abandon()
	s.protocol.Cut()
	errs := []error{s.stopLoops(ctx)}
	for _, name := range []string{"consume", "answers", "ingest", "store"} {
		errs = append(errs, s.stop(ctx, name))
	}
	return errors.Join(append(errs, s.protocol.Close(ctx))...)
}

// stopLoops ends the protocol's own loops and the watch over the provider's absence.
func (s *Session[M]) stopLoops(ctx context.Context) error {
	var errs []error
	for _, l := range s.protocol.Loops() {
		errs = append(errs, s.stop(ctx, l.Name))
	}
	return errors.Join(append(errs, s.stop(ctx, "absence"))...)
}

// Drain waits until the broker has confirmed all requests, at most for drainBound.
func (s *Session[M]) Drain(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, drainBound)
	defer cancel()
	s.Requests.Drain(ctx)
}

func (s *Session[M]) run(ctx context.Context, name string, body func(context.Context) error) {
	s.loops.Go(ctx, s.loop(name), body, s.fail)
}

func (s *Session[M]) stop(ctx context.Context, name string) error {
	return s.loops.Stop(ctx, s.loop(name))
}

// loop returns a loop's name with the provider's id, for the log.
func (s *Session[M]) loop(name string) string { return name + " of " + s.parts.Account.ID }

// fail ends the connection after a loop has ended by itself. The store's loop does so when another instance has taken the
// session over.
func (s *Session[M]) fail(ctx context.Context, err error) {
	s.shared.Log.Error("session ends", "provider", s.parts.Account.ID, "error", err)
	s.mu.Lock()
	s.failure = err
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), failBound)
	defer cancel()
	s.protocol.Cut()
	_ = s.protocol.Close(ctx) // Check shows the first failure
}

// Check returns nil while the session can be served.
func (s *Session[M]) Check(context.Context) error {
	s.mu.Lock()
	failure := s.failure
	s.mu.Unlock()
	return errors.Join(failure, s.Store.Check())
}

// Failed returns why the session has ended by itself: one of its loops has ended, or another instance has the session. It is nil while
// the session goes on, also while its store does not answer.
func (s *Session[M]) Failed() error {
	s.mu.Lock()
	failure := s.failure
	s.mu.Unlock()
	return errors.Join(failure, s.Store.Ended())
}

// Waiting returns the number of requests that the broker has not confirmed.
func (s *Session[M]) Waiting() int { return s.Requests.Depth() }
