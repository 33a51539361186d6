package absence_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/gateways/internal/absence"
	"fxcore/gateways/internal/store"
	"fxcore/lambda/event"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
)

const (
	name     = "FIX.4.4:FXCORE->ALPHA"
	patience = 20 * time.Second
)

// The sample of session.ended is what an absence is told by.
func TestTheSampleOfAnEndedSession(t *testing.T) {
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	e, err := absence.Ended("FIX.4.4:FXCORE->SANDBOX44", "SANDBOX44", "sandbox44", noon, noon.Add(30*time.Second))
	if err != nil || e.Validate() != nil || e.Key() != "session.ended.sandbox44" {
		t.Fatal(e, err)
	}
	sample.Is(t, "samples", contract.SessionEnded, e)
}

// broker takes the published ends. It refuses the first ones.
type broker struct {
	mu      sync.Mutex
	refuses int
	got     []event.Event
}

func (b *broker) Publish(_ context.Context, events ...event.Event) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.refuses > 0 {
		b.refuses--
		return errors.New("the broker is away")
	}
	b.got = append(b.got, events...)
	return nil
}

func (b *broker) ends() []event.Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]event.Event(nil), b.got...)
}

// one is a session whose provider logs on and off as the test says.
type one struct {
	t       *testing.T
	pool    *pgxpool.Pool
	broker  *broker
	changed chan struct{}

	mu      sync.Mutex
	present bool
}

// session makes a session that its provider has not logged on to, with epoch 1 as its holder's.
func session(t *testing.T) *one {
	t.Helper()
	pool := postgrestest.Schema(t, store.Migrations, absence.Migrations)
	o := &one{t: t, pool: pool, broker: &broker{}, changed: make(chan struct{}, 1)}
	o.holder(1)
	return o
}

// holder has another holder open the session.
func (o *one) holder(epoch int64) {
	o.t.Helper()
	split := func(store.Sent) (string, []byte) { return "", nil }
	if err := store.New(o.pool, name, split, testkit.Log(o.t)).Open(o.t.Context(), epoch); err != nil {
		o.t.Fatal(err)
	}
}

func (o *one) log(on bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.present = on
	select {
	case o.changed <- struct{}{}:
	default:
	}
}

func (o *one) watch(epoch int64, grace time.Duration) absence.Watch {
	return absence.Watch{
		Pool: o.pool, Bus: o.broker, Name: name, Epoch: epoch, Provider: "ALPHA", Origin: "alpha", Grace: grace, Source: "fix/test",
		Present: func() bool {
			o.mu.Lock()
			defer o.mu.Unlock()
			return o.present
		},
		Changed: o.changed, Log: testkit.Log(o.t),
	}
}

// run watches until the returned function is called.
func (o *one) run(epoch int64, grace time.Duration) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- o.watch(epoch, grace).Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			o.t.Error(err)
		}
	})
	o.t.Cleanup(stop)
	return stop
}

// noted waits until the row of the absence is as wanted: there and told, there and not told, or not there.
func (o *one) noted(there, told bool) (since time.Time) {
	o.t.Helper()
	testkit.Eventually(o.t, fmt.Sprintf("the note of the absence: %t, told %t", there, told), patience, func() error {
		var rows, tellings int
		err := o.pool.QueryRow(o.t.Context(), `select count(*), count(*) filter (where told), coalesce(min(since), now()) from absence`).
			Scan(&rows, &tellings, &since)
		if err == nil && (rows == 1) != there || (tellings == 1) != told {
			err = fmt.Errorf("%d rows, %d told", rows, tellings)
		}
		return err
	})
	return since
}

// looked waits until a watch that was started after log has looked once.
func (o *one) looked() {
	o.t.Helper()
	testkit.Eventually(o.t, "the watch to have looked", patience, func() error {
		if len(o.changed) > 0 {
			return errors.New("not yet")
		}
		return nil
	})
}

func (o *one) expectEnds(want int) []event.Event {
	o.t.Helper()
	got := o.broker.ends()
	if len(got) != want {
		o.t.Fatalf("%d ends were published, want %d: %v", len(got), want, got)
	}
	return got
}

// A provider that stays away is told once, with the span in which it could have come back; by the next holder, too.
func TestAProviderThatStaysAwayIsToldOnce(t *testing.T) {
	o := session(t)
	stop := o.run(1, 20*time.Millisecond)
	since := o.noted(true, true)
	stop()
	end := o.expectEnds(1)[0]
	var data absence.Data
	if err := end.Read(&data); err != nil || data.Provider != "ALPHA" || !data.Since.Equal(since) || data.Until.Sub(data.Since) != 20*time.Millisecond {
		t.Errorf("%+v, away since %s, %v", data, since, err)
	}
	if end.Source != "fix/test" || end.Key() != "session.ended.alpha" {
		t.Errorf("%+v", end)
	}
	o.holder(2)
	o.log(false)
	stop = o.run(2, 20*time.Millisecond)
	o.looked()
	o.log(true)
	o.noted(false, false)
	stop()
	o.expectEnds(1)
}

// A provider that comes back within its grace is not told, and the next absence is another one.
func TestAProviderThatComesBackIsNotTold(t *testing.T) {
	o := session(t)
	o.run(1, time.Hour)
	first := o.noted(true, false)
	o.log(true)
	o.noted(false, false)
	o.log(false)
	if again := o.noted(true, false); !again.After(first) {
		t.Errorf("away since %s, and again since %s", first, again)
	}
	o.expectEnds(0)
}

// The next holder counts from when the provider went away, and not from its own beginning.
func TestTheNextHolderCountsOn(t *testing.T) {
	o := session(t)
	stop := o.run(1, time.Hour)
	o.noted(true, false)
	stop()
	if _, err := o.pool.Exec(t.Context(), `update absence set since = since - interval '2 hours'`); err != nil {
		t.Fatal(err)
	}
	since := o.noted(true, false)
	o.holder(2)
	o.run(2, time.Hour)
	o.noted(true, true)
	var data absence.Data
	if err := o.expectEnds(1)[0].Read(&data); err != nil || !data.Since.Equal(since) {
		t.Errorf("%+v, want since %s; %v", data, since, err)
	}
}

// While the broker is away the end waits. It is the same event each time that it is tried.
func TestAnEndWaitsForTheBroker(t *testing.T) {
	o := session(t)
	o.broker.refuses = 1
	o.run(1, time.Millisecond)
	since := o.noted(true, true)
	end := o.expectEnds(1)[0]
	again, err := absence.Ended(name, "ALPHA", "alpha", since, since.Add(time.Millisecond))
	if err != nil || again.ID != end.ID {
		t.Errorf("published as %s, and again as %s, %v", end.ID, again.ID, err)
	}
}

// An instance that has lost the session notes nothing, forgets nothing, and tells nothing.
func TestAnOlderHolderNotesNothing(t *testing.T) {
	o := session(t)
	o.holder(2)
	if err := o.watch(1, time.Millisecond).Run(t.Context()); err != nil { // it ends by itself
		t.Error(err)
	}
	o.noted(false, false)
	stop := o.run(2, time.Hour)
	o.noted(true, false)
	stop()
	o.log(true)
	stop = o.run(1, time.Hour) // it sees the provider, and may not delete the note
	o.looked()
	stop()
	o.noted(true, false)
	o.expectEnds(0)
}
