package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/gateways/internal/absence"
	"fxcore/gateways/internal/ingest"
	"fxcore/gateways/internal/lifecycle"
	"fxcore/gateways/internal/providerfile"
	"fxcore/gateways/internal/seat"
	"fxcore/gateways/internal/store"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
)

const patience = 20 * time.Second

// world stands for all that a session works with: its broker, its protocol and its dialect. It notes what they do, in order.
type world struct {
	testkit.Diary

	mu       sync.Mutex
	running  map[string]bool // loops that run: consume, own
	prepare  error
	finish   func(ctx context.Context) error
	atCut    func()
	atClose  func()
	ended    []event.Event
	open     func() // lets the broker confirm
	loggedOn bool
}

func (w *world) runs(name string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.running[name]
}

func (w *world) run(name string, ctx context.Context) error { //nolint:revive // the name says more
	set := func(on bool) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.running[name] = on
	}
	set(true)
	<-ctx.Done()
	set(false)
	return nil
}

// The broker.

func (w *world) PublishAsync(_ context.Context, _ []event.Event, done func(error)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open = func() { done(nil) }
}

func (w *world) Publish(_ context.Context, events ...event.Event) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = append(w.ended, events...)
	return nil
}

func (w *world) ConsumeFirst(ctx context.Context, queue string, rank int64, _ amqp.Handler) error {
	return w.run(fmt.Sprintf("consume %s %d", queue, rank), ctx)
}

// The protocol.

func (w *world) Prepare(context.Context) error { w.Note("prepare"); return w.prepare }
func (w *world) Resume(context.Context) error  { w.Note("resume"); return nil }
func (w *world) Loops() []lifecycle.Loop {
	return []lifecycle.Loop{{Name: "own", Run: func(ctx context.Context) error { return w.run("own", ctx) }}}
}

func (w *world) Finish(ctx context.Context) error {
	w.Note("finish")
	if w.finish != nil {
		return w.finish(ctx)
	}
	return nil
}

func (w *world) Cut() {
	w.Note("cut")
	if w.atCut != nil {
		w.atCut()
	}
}

func (w *world) Close(context.Context) error {
	w.Note("close")
	if w.atClose != nil {
		w.atClose()
	}
	return nil
}

func (w *world) Status() seat.Status      { return seat.Status{LoggedOn: w.loggedOn} }
func (w *world) Changed() <-chan struct{} { return nil }

// The dialect: a pending answer to everything, and nothing else.

func (w *world) FromEvent(event.Event) (string, error) { return "", errors.New("not here") }

func (w *world) Pending(e event.Event) (string, bool) { return "pending " + e.Correlation, true }

func (w *world) Again(store.Answer, event.Event) (string, error)    { return "", errors.New("not here") }
func (w *world) Known(store.Answer, *ingest.Request) (string, bool) { return "", false }

// sender numbers and stores answers, as an engine does.
type sender struct{ store *store.Session }

func (s sender) Send(msg string, cause *store.Cause) error {
	if err := cause.Check(); err != nil {
		return err
	}
	s.store.Out.Attach(cause)
	return s.store.Out.Append(s.store.Out.Next(), []byte(msg))
}

func (sender) Untold(string) bool { return false }

func database(t *testing.T) *pgxpool.Pool {
	t.Helper()
	return postgrestest.Schema(t, store.Migrations, absence.Migrations)
}

// session returns a session that is not opened, in a world of its own.
func session(t *testing.T, pool *pgxpool.Pool, grace time.Duration) (*lifecycle.Session[string], *world) {
	t.Helper()
	w := &world{running: map[string]bool{}}
	s := lifecycle.New(lifecycle.Parts[string]{
		Account: providerfile.Account{ID: "ALPHA", CancelAfter: providerfile.Grace(grace)}, Name: "test:ALPHA",
		Split: func(m store.Sent) (string, []byte) { return "8", m.Body }, Dialect: w,
	}, lifecycle.Shared{
		Pool: pool, Bus: w, Queue: func(provider string) string { return "test." + provider },
		QueueLimit: 9, UnderWay: 2, Source: "test/1", Log: testkit.Log(t),
	})
	s.Connect(sender{s.Store}, w)
	t.Cleanup(func() { _ = s.Abandon(context.Background()) })
	return s, w
}

func begin(t *testing.T, s *lifecycle.Session[string], epoch int64) {
	t.Helper()
	if err := errors.Join(s.Open(t.Context(), epoch), s.Start(t.Context())); err != nil {
		t.Fatal(err)
	}
}

// submit hands the session the provider's first message, a request.
func submit(t *testing.T, s *lifecycle.Session[string]) {
	t.Helper()
	s.Store.In.AwaitConfirm(1)
	if err := s.Store.In.Count(); err != nil {
		t.Fatal(err)
	}
	id := event.NewID(testkit.Day, "trade")
	if !s.Requests.Submit(&ingest.Request{Seq: 1, Generation: 1, Event: event.Event{ID: id, Correlation: id}}) {
		t.Fatal("no room")
	}
}

// stored returns the numbers that the session's second holder finds: those of the next incoming and the next outgoing message.
func stored(t *testing.T, pool *pgxpool.Pool) (in, out int) {
	t.Helper()
	next, _ := session(t, pool, 0)
	if err := next.Open(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	return next.Store.Numbers()
}

func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	testkit.Eventually(t, what, patience, func() error {
		if !condition() {
			return errors.New("not yet")
		}
		return nil
	})
}
