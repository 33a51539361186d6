package steps_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/contract/reason"
	"fxcore/services/trading/internal/messages"
)

// authorized returns trade.authorized with the data of the file in testdata, after one change to its request.
func authorized(t *testing.T, change func(*messages.Request)) event.Event {
	t.Helper()
	raw, err := os.ReadFile("testdata/trade.authorized.v1.json")
	if err != nil {
		t.Fatal(err)
	}
	var data struct {
		Request    messages.Request `json:"request"`
		Authorized json.RawMessage  `json:"authorized"`
	}
	if err := json.Unmarshal(raw, &data); err != nil {
		t.Fatal(err)
	}
	change(&data.Request)
	return newEvent(t, contract.TradeAuthorized, data.Request.TradeID, data)
}

// newEvent returns an event about the trade at now. parts distinguish several events of one type and trade.
func newEvent(t testing.TB, typ event.Type, tradeID string, data any, parts ...string) event.Event {
	t.Helper()
	e, err := event.New(typ, event.NewID(testkit.Day, append([]string{typ.Name, tradeID}, parts...)...), "alpha", tradeID, data)
	if err != nil {
		t.Fatal(err)
	}
	e.Time = now
	return e
}

// reserved returns the event with which linecheck answers trade.validated. The reservation lasts until the given time.
func reserved(t testing.TB, validated event.Event, until time.Time) event.Event {
	t.Helper()
	data, err := contract.WithSection(validated.Data, "reserved", map[string]any{
		"reservation_id": validated.Correlation, "expires_at": until, "currency": "USD", "exposure": "63680.40",
	})
	if err != nil {
		t.Fatal(err)
	}
	e, err := validated.Next(contract.TradeReserved, data)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// codeOf returns the code of a rejection.
func codeOf(t *testing.T, e event.Event) reason.Code {
	t.Helper()
	var view messages.Rejected
	if err := e.Read(&view); err != nil {
		t.Fatal(err)
	}
	return view.Rejected.Code
}

func unchanged(*messages.Request) {}

// authorizedSpot returns an authorised request to buy a million EUR/USD, spot.
func authorizedSpot(t testing.TB, id string) event.Event {
	t.Helper()
	return newEvent(t, contract.TradeAuthorized, id, map[string]any{"request": messages.Request{
		TradeID: id, Provider: "ALPHA", Reference: "R-" + id[:8] + "\x00", Kind: "request",
		TradeDate: "2026-11-24", TransactedAt: now, Client: "C000001",
		Product: "spot", Pair: "EUR/USD", Currency: "EUR",
		Legs: []messages.RequestedLeg{{Side: "buy", Amount: "1000000.00", Rate: "1.1175"}},
	}})
}

// reservedSpots returns the same requests with reservations for an hour.
func reservedSpots(t testing.TB, ids []string) []event.Event {
	t.Helper()
	of := requests(dealing(t))
	events := make([]event.Event, len(ids))
	for i, id := range ids {
		events[i] = reserved(t, decide(t, of, authorizedSpot(t, id))[0], now.Add(time.Hour))
	}
	return events
}

// names returns the ids of some trades.
func names(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = event.NewID(testkit.Day, "trade", fmt.Sprint(i))
	}
	return ids
}
