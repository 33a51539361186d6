package duty

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"fxcore/lambda/event"
	"fxcore/lambda/lease"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		goleak.IgnoreTopFunction("net/http.(*persistConn).readLoop"), // testkit's calls to the broker's management API
		goleak.IgnoreTopFunction("net/http.(*persistConn).writeLoop"),
		goleak.IgnoreTopFunction("internal/poll.runtime_pollWait"))
}

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// The samples are what is published. Readers are tested against them.
func TestSamplesAreWhatIsPublished(t *testing.T) {
	r := &reporter{gateway: "fix", instance: "fix/1", started: noon, sequence: 16, pace: func() lease.Pace {
		return lease.Pace{Length: 1200 * time.Millisecond, Late: 12 * time.Millisecond}
	}}
	expectEvent(t, contract.InstanceReported, r.event([]sessionState{
		{Provider: "ALPHA", Held: true, Epoch: 7, LoggedOn: true, Since: noon.Add(time.Minute)}, {Provider: "BETA"},
	}, nil))
	f := &facts{gateway: "fix", instance: "fix/1", waiting: make(chan event.Event, 2)}
	f.fact(contract.SessionTaken, changed{Provider: "ALPHA", Epoch: 7, At: noon})
	f.fact(contract.SessionLeft, changed{Provider: "ALPHA", Epoch: 7, At: noon.Add(time.Hour), EndedAt: noon.Add(time.Hour + 20*time.Millisecond), Cause: "given"})
	expectEvent(t, contract.SessionTaken, <-f.waiting)
	expectEvent(t, contract.SessionLeft, <-f.waiting)
}

func expectEvent(t *testing.T, want event.Type, e event.Event) {
	t.Helper()
	sample.Is(t, "samples", want, e)
	if err := e.Validate(); err != nil || e.Origin != "fix" || e.Time.IsZero() {
		t.Errorf("%+v: %v", e, err)
	}
}

// sluggish is a broker that is away, or confirms nothing.
type sluggish struct {
	mu    sync.Mutex
	away  error
	got   []event.Event
	dones []func(error)
}

func (b *sluggish) Publish(_ context.Context, events ...event.Event) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.got = append(b.got, events...)
	return b.away
}

func (b *sluggish) PublishAsync(_ context.Context, events []event.Event, done func(error)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.got, b.dones = append(b.got, events...), append(b.dones, done)
}

func (b *sluggish) Ready() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.away
}

func (b *sluggish) set(away error) (published int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.away = away
	return len(b.got)
}

func (b *sluggish) confirm() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, done := range b.dones {
		done(nil)
	}
	b.dones = nil
}

func TestReportsDoNotPileUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := &sluggish{away: errors.New("away")}
		r := &reporter{
			bus: bus, gateway: "fix", instance: "fix/1", started: noon, news: make(chan struct{}, 1), log: testkit.Log(t),
			look: func(context.Context) ([]sessionState, error) { return nil, nil },
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- r.run(ctx) }()
		pass(10 * interval)
		if n := bus.set(nil); n != 0 {
			t.Errorf("%d reports while the broker was away", n)
		}
		pass(10 * interval)
		if n := bus.set(nil); n != 1 {
			t.Errorf("%d reports of which none was confirmed", n)
		}
		bus.confirm()
		r.changed()
		synctest.Wait()
		if n := bus.set(nil); n != 2 {
			t.Errorf("%d reports, want one more, at once", n)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		var last reported
		if err := bus.got[len(bus.got)-1].Read(&last); err != nil || last.Ready || last.Reason != "stopping" {
			t.Errorf("the last word is %+v, %v", last, err)
		}
	})
}

func TestFactsWaitForTheBrokerWithinBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := &sluggish{}
		f := &facts{bus: bus, gateway: "fix", instance: "fix/1", waiting: make(chan event.Event, untold), log: testkit.Log(t)}
		for epoch := range int64(untold + 10) {
			f.fact(contract.SessionTaken, changed{Provider: "ALPHA", Epoch: epoch + 1, At: noon})
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel() // what is left is told at the end
		if err := f.run(ctx); err != nil {
			t.Fatal(err)
		}
		var first changed
		if err := bus.got[0].Read(&first); err != nil || len(bus.got) < untold || first.Epoch < 10 {
			t.Errorf("%d told, from epoch %d, %v", len(bus.got), first.Epoch, err)
		}
	})
}

// quiet is a tenant that serves at once, or stays until its lease is over, or cannot serve.
type quiet struct {
	until  func(context.Context)
	unable bool
}

func (q quiet) Gained(ctx context.Context, _ string, _ int64) {
	if q.until != nil {
		q.until(ctx)
	}
}
func (quiet) Lost(string) {}

func (q quiet) Serves(string) (yes bool, failed error) { return !q.unable && q.until == nil, nil }

func TestASessionThatWasNeverTakenIsNotTold(t *testing.T) {
	f := &facts{gateway: "fix", instance: "fix/1", waiting: make(chan event.Event, 9), log: testkit.Log(t)}
	one := &tenant{Tenant: quiet{until: func(ctx context.Context) { <-ctx.Done() }}, facts: f, news: func() {}, terms: map[string]term{}}
	ctx, end := context.WithCancelCause(t.Context())
	end(lease.ErrLapsed)
	one.Gained(ctx, "ALPHA", 1)
	one.Lost("ALPHA")
	if n := len(f.waiting); n != 0 {
		t.Errorf("%d facts", n)
	}
}

// A lease whose session cannot be taken is given back at once, and nobody is told that the session was taken.
func TestALeaseThatCannotBeServedIsGivenBack(t *testing.T) {
	f := &facts{gateway: "fix", instance: "fix/1", waiting: make(chan event.Event, 9), log: testkit.Log(t)}
	var given []string
	one := &tenant{
		Tenant: quiet{unable: true}, facts: f, news: func() {}, terms: map[string]term{},
		unserved: func(provider string) { given = append(given, provider) },
	}
	one.Gained(t.Context(), "ALPHA", 1)
	if len(given) != 1 || given[0] != "ALPHA" {
		t.Errorf("given: %v", given)
	}
	one.Lost("ALPHA")
	if n := len(f.waiting); n != 0 {
		t.Errorf("%d facts", n)
	}
}

func TestCausesHaveNames(t *testing.T) {
	for err, want := range map[error]string{
		lease.ErrGiven: "given", lease.ErrLapsed: "lapsed", fmt.Errorf("so: %w", lease.ErrRefused): "refused", context.Canceled: "ended",
	} {
		if got := cause(err); got != want {
			t.Errorf("%v: %s", err, got)
		}
	}
}

// pass lets fake time pass.
func pass(d time.Duration) { <-time.After(d) }
