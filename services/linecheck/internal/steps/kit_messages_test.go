package steps

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
	"fxcore/services/linecheck/internal/messages"
)

// message returns an event of the given type. story is its correlation; way distinguishes several events of one story.
func message(t testing.TB, typ event.Type, story, way string, deadline time.Time, data any) event.Event {
	t.Helper()
	e, err := event.New(typ, event.NewID(testkit.Day, typ.Name, story, way), "alpha", story, data)
	if err != nil {
		t.Fatal(err)
	}
	e.Deadline = deadline
	return e
}

// spot is a trade of an amount of euros at 1 dollar each.
type spot struct {
	reference, client, amount string
}

func (s spot) id() string { return event.NewID(testkit.Day, "trade", s.reference) }

func (s spot) data() map[string]any { return s.dataOn("2026-11-26") }

// dataOn returns the data of the trade with the given value date.
func (s spot) dataOn(valueDate string) map[string]any {
	return map[string]any{
		"request":    map[string]any{"trade_id": s.id(), "provider": "ALPHA", "client": s.client},
		"authorized": map[string]any{"client_group": "G0001", "desk": "FXS1"},
		"validated": map[string]any{
			"trade_date": "2026-11-24", "spot_date": "2026-11-26", "pair": "EUR/USD",
			"legs": []any{map[string]any{
				"value_date": valueDate, "base": "EUR", "base_side": "buy", "base_amount": s.amount,
				"quote": "USD", "quote_amount": s.amount, "rate": "1",
			}},
		},
	}
}

func (s spot) message(t testing.TB, typ event.Type, way string) event.Event {
	t.Helper()
	return message(t, typ, s.id(), way, noon.Add(time.Minute), s.dataOf(typ))
}

// dataOf returns the data of a message of type typ. A rejection by trading includes the earlier reservation.
func (s spot) dataOf(typ event.Type) map[string]any {
	data := s.data()
	if typ == contract.TradeRejected {
		data["reserved"] = map[string]any{"reservation_id": s.id()}
	}
	return data
}

// registered returns trade.registered with the reservation in its data.
func (s spot) registered(t testing.TB, way string) event.Event {
	t.Helper()
	data := s.data()
	data["reserved"] = map[string]any{
		"exposure": "100000", "expires_at": noon, "nodes": []any{},
		"basis": map[string]any{"settlements": []any{map[string]any{"value_date": "2026-11-26", "amount": "1000000"}}},
	}
	return message(t, contract.TradeRegistered, s.id(), way, time.Time{}, data)
}

// asSwap returns the data of a swap: the trade, and the opposite a month later.
func (s spot) asSwap() map[string]any {
	data := s.data()
	validated := data["validated"].(map[string]any)
	far := maps.Clone(validated["legs"].([]any)[0].(map[string]any))
	far["value_date"], far["base_side"] = "2026-12-28", "sell"
	validated["legs"] = append(validated["legs"].([]any), far)
	return data
}

// settled returns settlement.settled of a leg of the trade.
func (s spot) settled(t testing.TB, leg int, way string) event.Event {
	t.Helper()
	return message(t, contract.SettlementSettled, s.id(), strconv.Itoa(leg)+way, time.Time{}, map[string]any{"trade_id": s.id(), "version": 1, "leg": leg})
}

// duplicate returns the refusal of a second request under the same reference: it has the trade's id but no reservation.
// deleted is the message that the trade is deleted.
func (s spot) deleted(t testing.TB, way string) event.Event {
	t.Helper()
	return message(t, contract.TradeDeleted, s.id(), way, time.Time{}, map[string]any{"trade_id": s.id(), "version": 1})
}

func (s spot) duplicate(t testing.TB) event.Event {
	t.Helper()
	return message(t, contract.TradeRejected, s.id(), "duplicate", noon.Add(time.Minute), s.data())
}

// checkOf describes a line check.
type checkOf struct {
	reference, provider string
	action              messages.Action
	target              string // reference of the reservation
	amount              string
	change              func(request map[string]any)
	caller              *access.Caller // who asks by the API; nil for a provider
}

func (c checkOf) id() string { return event.NewID(testkit.Day, "linecheck", c.provider, c.reference) }

func (c checkOf) message(t testing.TB, deadline time.Time) event.Event {
	t.Helper()
	request := map[string]any{
		"check_id": c.id(), "provider": c.provider, "action": c.action, "trade_date": "2026-11-24", "client": "C000001", "amount": c.amount,
	}
	if c.action == messages.Reserve {
		maps.Copy(request, map[string]any{"pair": "EUR/USD", "currency": "EUR", "side": "buy", "tenor": "SPOT"})
	}
	if c.target != "" {
		request["target"] = event.NewID(testkit.Day, "linecheck", c.provider, c.target)
	}
	if c.change != nil {
		c.change(request)
	}
	data := map[string]any{"request": request}
	if c.caller != nil {
		data["caller"] = c.caller
	}
	e := message(t, contract.LineCheckAuthorized, c.id(), "", deadline, data)
	e.Time = noon
	return e
}

// produced returns another producer's sample of a type.
func produced(t *testing.T, producer string, typ event.Type, deadline time.Time) event.Event {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", producer, "internal", "messages", "samples", typ.String()+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return sampled(message(t, typ, "sample", producer, deadline, json.RawMessage(data)))
}

// sampled gives an event the time at which the requests of the samples were made.
func sampled(e event.Event) event.Event {
	e.Time = time.Date(2026, 11, 20, 15, 4, 5, 0, time.UTC)
	return e
}
