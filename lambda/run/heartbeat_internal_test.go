package run

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/health"
	"fxcore/lambda/testkit/sample"
)

// broker takes reports, or does not.
type broker struct {
	mu     sync.Mutex
	away   error
	silent bool // takes reports and does not confirm them
	got    []health.Report
	at     []time.Time
}

func (b *broker) Ready() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.away
}

func (b *broker) PublishAsync(_ context.Context, events []event.Event, done func(error)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range events {
		var r health.Report
		if err := errors.Join(e.Validate(), e.Read(&r)); err != nil {
			panic(err)
		}
		b.got, b.at = append(b.got, r), append(b.at, time.Now())
	}
	if !b.silent {
		done(nil)
	}
}

func (b *broker) set(away error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.away = away
}

func (b *broker) reports() []health.Report {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.got
}

// beating runs a heartbeat in a bubble whose clock the test holds. stop waits until it has ended.
func beating(t *testing.T, b *broker) (h *health.Health, stop func()) {
	t.Helper()
	h = health.New(health.Identity{Service: "lamps", Replica: "2", Version: "v"}, time.Now())
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = (&heartbeat{health: h, publisher: b, source: "lamps/2"}).run(ctx)
	}()
	synctest.Wait()
	return h, func() { cancel(); <-done }
}

func TestAProgramReportsEveryFiveSecondsAndAtItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &broker{}
		_, stop := beating(t, b)
		time.Sleep(20*time.Second + time.Millisecond)
		stop()
		got := b.reports()
		if len(got) != 6 {
			t.Fatalf("%d reports", len(got))
		}
		for i, r := range got {
			last := i == len(got)-1
			if r.Instance != "lamps-2" || r.Program != "lamps" || r.EverySeconds != 5 || r.Live == last || r.Ready == last {
				t.Errorf("report %d: %+v", i, r)
			}
		}
	})
}

func TestAChangeOfReadinessIsReportedWithinASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &broker{}
		h, stop := beating(t, b)
		defer stop()
		time.Sleep(1500 * time.Millisecond)
		h.Add("server", func(context.Context) error { return errors.New("is away") })
		time.Sleep(time.Second)
		got := b.reports()
		if len(got) != 2 || got[1].Ready || len(got[1].Reasons) != 1 || got[1].Reasons[0] != (health.Reason{Part: "server", Text: "is away"}) {
			t.Errorf("%+v", got)
		}
	})
}

func TestEachCheckRunsOnceASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, stop := beating(t, &broker{})
		defer stop()
		var ran, warned int
		h.Add("server", func(context.Context) error { ran++; return nil })
		h.Warn("data", func(context.Context) error { warned++; return nil })
		time.Sleep(20*time.Second + time.Millisecond)
		synctest.Wait()
		if ran != 20 || warned != 4 {
			t.Errorf("in 20 s a check ran %d times, and one that only warns, %d times", ran, warned)
		}
	})
}

func TestNoReportWaitsWhileTheBrokerIsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &broker{away: errors.New("away")}
		_, stop := beating(t, b)
		defer stop()
		time.Sleep(time.Hour)
		b.set(nil)
		time.Sleep(time.Second + time.Millisecond)
		if got := b.reports(); len(got) != 1 {
			t.Errorf("%d reports after the broker came back", len(got))
		}
	})
}

func TestAnUnconfirmedReportIsTheOnlyOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &broker{silent: true}
		_, stop := beating(t, b)
		time.Sleep(time.Hour)
		stop()
		if got := b.reports(); len(got) != 1 {
			t.Errorf("%d reports", len(got))
		}
	})
}

// The sample has the fields of what is published.
func TestTheSampleIsAReport(t *testing.T) {
	stored, err := os.ReadFile("samples/" + healthReported.String() + ".json")
	if err != nil {
		t.Fatal(err)
	}
	sample.HasFieldsOf[health.Report](t, stored)
}
