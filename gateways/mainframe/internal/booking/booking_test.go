package booking

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/gateways/mainframe/internal/hosttest"
	"fxcore/gateways/mainframe/internal/link/linktest"
	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
)

func TestMain(m *testing.M) { hosttest.Main(m) }

func booker(t *testing.T, addr string) *Booker {
	t.Helper()
	host, layouts := linktest.Open(t, addr, time.Second)
	return New(host, layouts, testkit.Log(t))
}

// outcome is the data of the one event that a result emits.
func outcome[T any](t *testing.T, r amqp.Result, typ event.Type) (T, event.Event) {
	t.Helper()
	var data T
	if r.Err != nil || len(r.Emit) != 1 || r.Emit[0].Type != typ {
		t.Fatalf("%+v, want one %s", r, typ)
	}
	if err := r.Emit[0].Read(&data); err != nil {
		t.Fatal(err)
	}
	return data, r.Emit[0]
}

func TestTradeIsBookedOnceHoweverOftenAndLateItComes(t *testing.T) {
	host := hosttest.Start(t)
	b := booker(t, host.Addr)
	e := trade(t, 1)
	first, one := outcome[messages.Booked](t, b.Handle(t.Context(), []event.Event{e})[0], contract.TradeBooked)
	b.Handle(t.Context(), []event.Event{trade(t, 2)})
	again, two := outcome[messages.Booked](t, b.Handle(t.Context(), []event.Event{e})[0], contract.TradeBooked)
	if first.TradeID != tradeID(1) || first.BookingReference == "" || first.BookedAt.IsZero() {
		t.Errorf("%+v", first)
	}
	if diff := cmp.Diff(first, again); diff != "" || one.ID != two.ID || one.Causation != e.ID || one.Correlation != tradeID(1) {
		t.Errorf("the second time another answer: %s %+v %+v", diff, one, two)
	}
	if got := len(host.Bookings()); got != 2 {
		t.Errorf("%d bookings of 2 trades", got)
	}
}

func TestSameTradeTwiceInOneBatchIsBookedOnce(t *testing.T) {
	host := hosttest.Start(t)
	results := booker(t, host.Addr).Handle(t.Context(), []event.Event{trade(t, 1), trade(t, 1)})
	a, _ := outcome[messages.Booked](t, results[0], contract.TradeBooked)
	b, _ := outcome[messages.Booked](t, results[1], contract.TradeBooked)
	if diff := cmp.Diff(a, b); diff != "" || len(host.Bookings()) != 1 {
		t.Errorf("%d bookings, %s", len(host.Bookings()), diff)
	}
}

func TestRefusalByTheMainframeIsAMessageForOperations(t *testing.T) {
	b := booker(t, hosttest.Start(t).Addr)
	cases := []struct {
		name, code string
		first      []event.Event
		refused    event.Event
	}{
		{"unknown client", "NOCLIENT", nil, with(t, 1, `"client": "C000001"`, `"client": "C999999"`)},
		{"account of another", "NOACCT", nil, with(t, 2, `"account": ""`, `"account": "C000002-EUR"`)},
		{"unknown currency", "NOCURR", nil, with(t, 3, `"quote": "USD"`, `"quote": "XXX"`)},
		{"same trade with other content", "CONFLICT", []event.Event{trade(t, 4)}, with(t, 4, `"rate": "1.1175"`, `"rate": "1.1176"`)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b.Handle(t.Context(), c.first)
			got, _ := outcome[messages.Refused](t, b.Handle(t.Context(), []event.Event{c.refused})[0], contract.TradeRefused)
			if got.Code != c.code || got.TradeID != c.refused.Correlation || got.Text == "" {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestPoisonFailsAloneAndItsNeighboursAreBooked(t *testing.T) {
	host := hosttest.Start(t)
	batch := []event.Event{
		trade(t, 1),
		with(t, 2, `"rate": "1.1175"`, `"rate": "1.11750000001"`),
		with(t, 3, `"trade_date": "2026-11-24",
    "pair"`, `"trade_date": "tomorrow",
    "pair"`),
		with(t, 4, `"client": "C000001"`, `"client": "Łódź"`),
		altered(t, []byte(`{"request":{}}`), 5),
		trade(t, 6),
	}
	results := booker(t, host.Addr).Handle(t.Context(), batch)
	for i, r := range results {
		if poison := i > 0 && i < 5; (r.Err != nil) != poison {
			t.Errorf("event %d: %v", i, r.Err)
		}
	}
	if got := len(host.Bookings()); got != 2 {
		t.Errorf("%d bookings", got)
	}
}

func TestNoWrongAnswerIsTakenForABooking(t *testing.T) {
	host := hosttest.Start(t)
	b := booker(t, host.Addr)
	n := 0
	for _, how := range []string{"garbage", "partial", "correlation", "record", "trade", "double", "error"} {
		t.Run(how, func(t *testing.T) {
			batch := []event.Event{trade(t, n), trade(t, n+1), trade(t, n+2)}
			host.Order("/wrong?every=3&for=1m&how=" + how)
			results := b.Handle(t.Context(), batch)
			host.Order("/well")
			for i, r := range results {
				booked, _ := outcome[messages.Booked](t, r, contract.TradeBooked)
				if want := host.Bookings()[n+i]; booked.TradeID != want.TradeID || booked.BookingReference != want.Reference {
					t.Errorf("trade %d: %+v, in the book %+v", n+i, booked, want)
				}
			}
			n += len(batch)
		})
	}
	if got := len(host.Bookings()); got != n {
		t.Errorf("%d bookings of %d trades", got, n)
	}
}

func TestBatchIsHeldWhileTheMainframeIsAwayAndLeftWhenTheContextEnds(t *testing.T) {
	host := hosttest.Start(t)
	b := booker(t, host.Addr)
	host.Order("/away?how=blackhole&for=1m")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan []amqp.Result, 1)
	go func() { ended <- b.Handle(ctx, []event.Event{trade(t, 1)}) }()
	testkit.Eventually(t, "a trade that waits", 20*time.Second, func() error {
		if b.Waiting() != 1 {
			return errors.New("none waits")
		}
		return nil
	})
	cancel()
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		t.Fatal("Handle did not end with its context")
	}
}

func BenchmarkBook(b *testing.B) {
	host, layouts := linktest.Open(b, hosttest.Start(b).Addr, 5*time.Second)
	booker, n := New(host, layouts, testkit.Log(b)), 0
	const size = 100
	batch := make([]event.Event, size)
	sample := trade(b, 0).Data
	for b.Loop() {
		for i := range batch {
			n++
			batch[i] = altered(b, bytes.ReplaceAll(sample, []byte(tradeID(0)), []byte(tradeID(n))), n)
		}
		for _, r := range booker.Handle(context.Background(), batch) {
			if r.Err != nil {
				b.Fatal(r.Err)
			}
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "trades/s")
}
