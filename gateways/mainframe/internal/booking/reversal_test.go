package booking

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/gateways/mainframe/internal/hosttest"
	"fxcore/gateways/mainframe/internal/link/linktest"
	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
)

// deleted returns the producer's own sample as the n-th deleted trade, with parts of its text replaced.
func deleted(t testing.TB, n int, oldNew ...string) event.Event {
	t.Helper()
	data := string(sample.Of(t, "services/trading/internal/messages", contract.TradeDeleted))
	var d messages.Deleted
	if err := json.Unmarshal([]byte(data), &d); err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(append([]string{d.TradeID, tradeID(n)}, oldNew...)...).Replace(data)
	e, err := event.New(contract.TradeDeleted, event.NewID(testkit.Day, "deleted", tradeID(n)), "api", tradeID(n), json.RawMessage(text))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func reverser(t *testing.T, addr string) *Reverser {
	t.Helper()
	host, layouts := linktest.Open(t, addr, time.Second)
	return NewReverser(host, layouts, testkit.Log(t))
}

func TestADeletedTradeIsReversedOnceHoweverOftenItComes(t *testing.T) {
	host := hosttest.Start(t)
	r := reverser(t, host.Addr)
	e := deleted(t, 1)
	first, one := outcome[messages.ReversalBooked](t, r.Handle(t.Context(), []event.Event{e})[0], contract.ReversalBooked)
	again, two := outcome[messages.ReversalBooked](t, r.Handle(t.Context(), []event.Event{e})[0], contract.ReversalBooked)
	if diff := cmp.Diff(first, again); diff != "" || one.ID != two.ID || first.TradeID != tradeID(1) || first.Version != 1 || first.BookingReference == "" {
		t.Errorf("%+v, then %s", first, diff)
	}
	if got := len(host.Bookings()); got != 1 || r.Reversed() != 2 {
		t.Errorf("%d bookings, %d reversed", got, r.Reversed())
	}
}

// The opposite has the same amounts and dates, and the sides exchanged.
func TestAReversalIsTheOpposite(t *testing.T) {
	d, err := messages.ReadDeleted(deleted(t, 1))
	if err != nil {
		t.Fatal(err)
	}
	r := d.Reversal()
	if r.Request.TradeID == d.TradeID || r.Request.Client != d.Terms.Client || r.Validated.Pair != d.Terms.Pair || len(r.Validated.Legs) != len(d.Terms.Legs) {
		t.Errorf("%+v", r)
	}
	for i, leg := range r.Validated.Legs {
		was := d.Terms.Legs[i]
		if leg.BaseSide == was.BaseSide {
			t.Errorf("leg %d is the same way", i+1)
		}
		leg.BaseSide = was.BaseSide
		if diff := cmp.Diff(was, leg); diff != "" {
			t.Errorf("leg %d: %s", i+1, diff)
		}
	}
}

func TestATradeThatWasNotBookedIsNotReversed(t *testing.T) {
	host := hosttest.Start(t)
	result := reverser(t, host.Addr).Handle(t.Context(), []event.Event{deleted(t, 1, `"booked": true`, `"booked": false`)})[0]
	if result.Err != nil || len(result.Emit) != 0 || len(host.Bookings()) != 0 {
		t.Errorf("%+v", result)
	}
}

func TestARefusedReversalIsAMessageForOperations(t *testing.T) {
	r := reverser(t, hosttest.Start(t).Addr)
	got, _ := outcome[messages.ReversalRefused](t, r.Handle(t.Context(), []event.Event{deleted(t, 1, `"client": "C000001"`, `"client": "C999999"`)})[0], contract.ReversalRefused)
	if got.Code != "NOCLIENT" || got.TradeID != tradeID(1) || got.Text == "" || r.Refused() != 1 {
		t.Errorf("%+v", got)
	}
}

func TestADeletionThatCannotBeReadFailsAlone(t *testing.T) {
	host := hosttest.Start(t)
	bad := deleted(t, 2)
	bad.Data = bytes.Replace(bad.Data, []byte(`"version": 1`), []byte(`"version": 0`), 1)
	results := reverser(t, host.Addr).Handle(t.Context(), []event.Event{bad, deleted(t, 3)})
	if results[0].Err == nil || results[1].Err != nil || len(host.Bookings()) != 1 {
		t.Errorf("%+v", results)
	}
}
