package lifecycle

import (
	"context"
	"errors"
	"time"

	"fxcore/gateways/internal/absence"
)

const (
	drainBound = 2 * time.Second // for the broker to confirm what it was sent, when the session stops
	failBound  = 2 * time.Second // for the connection to end after a loop has failed
)

// Open reads the session as the last holder left it, under an epoch that the caller holds. From now on an older holder
// writes nothing. It may be tried again if it fails.
func (s *Session[M]) Open(ctx context.Context, epoch int64) error {
	s.epoch = epoch
	return s.Store.Open(ctx, epoch)
}

// Start serves the session that was opened. If it fails, the session has ended.
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

// consume hands the teller the events of the provider's queue. The broker prefers the consumer with the highest epoch.
func (s *Session[M]) consume(ctx context.Context) error {
	return s.shared.Bus.ConsumeFirst(ctx, s.shared.Queue(s.parts.Account.ID), s.epoch, s.Teller)
}

// watchAbsence counts how long the provider is away, where that matters.
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

// Stop ends the session in good order, and returns when ctx ends at the latest: it takes no more requests, waits for what
// is under way as long as that may help, and stores it. What the broker has not confirmed then does not count as
// received: the provider sends it again.
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

// Abandon ends the session without another word, and returns when ctx ends at the latest. What was not stored by now
// never will be: the next holder gets it from the provider, or from the broker.
func (s *Session[M]) Abandon(ctx context.Context) error {
	s.Store.Abandon()
	s.protocol.Cut()
	errs := []error{s.stopLoops(ctx)}
	for _, name := range []string{"consume", "answers", "ingest", "store"} {
		errs = append(errs, s.stop(ctx, name))
	}
	return errors.Join(append(errs, s.protocol.Close(ctx))...)
}

// stopLoops ends the loops that are the protocol's own, and the watch over the absence.
func (s *Session[M]) stopLoops(ctx context.Context) error {
	var errs []error
	for _, l := range s.protocol.Loops() {
		errs = append(errs, s.stop(ctx, l.Name))
	}
	return errors.Join(append(errs, s.stop(ctx, "absence"))...)
}

// Drain waits until the broker has confirmed what it was sent, as long as that may help.
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

// loop is a loop's name in the log: it says whose it is, too.
func (s *Session[M]) loop(name string) string { return name + " of " + s.parts.Account.ID }

// fail notes that a loop has ended by itself. The store's does so when another instance has taken the session: then the
// connection must go, too.
func (s *Session[M]) fail(ctx context.Context, err error) {
	s.shared.Log.Error("session ends", "provider", s.parts.Account.ID, "error", err)
	s.mu.Lock()
	s.failure = err
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), failBound)
	defer cancel()
	s.protocol.Cut()
	_ = s.protocol.Close(ctx) // it has already failed: that is what is shown
}

// Check is nil while the session can be served.
func (s *Session[M]) Check(context.Context) error {
	s.mu.Lock()
	failure := s.failure
	s.mu.Unlock()
	return errors.Join(failure, s.Store.Check())
}

// Waiting is the number of requests that the broker has not confirmed.
func (s *Session[M]) Waiting() int { return s.Requests.Depth() }
