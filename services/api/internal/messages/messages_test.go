package messages_test

import (
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/messages"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func requested() messages.TradeRequested {
	return messages.TradeRequested{
		Request: messages.NewTradeRequest(blotter.Request{
			Reference: "U0001/key-0001", TradeDate: "2026-11-24", Client: "C000900", Product: "spot", Pair: "EUR/USD", Currency: "EUR",
			Legs: []blotter.RequestedLeg{{Side: "buy", Amount: "1000000", Rate: "1.0843", Tenor: "SPOT"}},
		}, noon),
		Caller: access.Caller{User: "U0001", Desk: "FXS1", Roles: []string{"trader"}},
	}
}

// All readers are tested against the sample.
func TestTheSampleIsWhatIsPublished(t *testing.T) {
	t.Parallel()
	e, err := requested().Event(noon.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	sample.Is(t, "samples", contract.TradeRequested, e)
}

func TestTheSampleOfALineCheckIsWhatIsPublished(t *testing.T) {
	t.Parallel()
	asked := messages.CheckRequested{
		Request: messages.NewCheckRequest(blotter.CheckRequest{
			Reference: "U0001/key-0002", Action: "reserve", TradeDate: "2026-11-24", Client: "C000900", Product: "spot", Pair: "EUR/USD",
			Currency: "EUR", Side: "buy", Amount: "1000000", Tenor: "SPOT",
		}, noon),
		Caller: access.Caller{User: "U0001", Desk: "FXS1", Roles: []string{"trader"}},
	}
	e, err := asked.Event(noon.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	sample.Is(t, "samples", contract.LineCheckRequested, e)
}

// A request has the id and the digest that a gateway would give it, so a repeat is recognised everywhere.
func TestARequestIsIdentifiedAsEverywhere(t *testing.T) {
	t.Parallel()
	r := requested().Request
	if want := contract.TradeID("API", "U0001/key-0001", "2026-11-24"); r.TradeID != want {
		t.Errorf("id %s, want %s", r.TradeID, want)
	}
	want := contract.Digest("request", "C000900", "", "spot", "EUR/USD", "EUR", "", "buy", "1000000", "1.0843", "SPOT", "")
	if r.Digest != want {
		t.Errorf("digest %s, want %s", r.Digest, want)
	}
	used := blotter.Request{Client: "C000900", LineCheck: &blotter.UsedCheck{CheckID: "c", Rest: blotter.FreeRest}}
	if got, want := messages.NewTradeRequest(used, noon).Digest, contract.Digest("request", "C000900", "", "", "", "", "", "line check", "c", "free"); got != want {
		t.Errorf("with a line check: digest %s, want %s", got, want)
	}
}

func TestTheSamplesOfCommandsAreWhatIsPublished(t *testing.T) {
	t.Parallel()
	movement, err := messages.SettlementCommanded{
		MovementID: "512f2726-7f2d-850d-a7d3-69141e981d96", Action: messages.Retry, By: "U0013", Reason: "the client has paid in",
	}.Event("key-0003", noon)
	if err != nil {
		t.Fatal(err)
	}
	sample.Is(t, "samples", contract.SettlementCommanded, movement)
	job, err := messages.JobCommanded{Job: "execute due legs", Action: "start", By: "U0013", Reason: "a report came late"}.Event("key-0004", noon)
	if err != nil {
		t.Fatal(err)
	}
	sample.Is(t, "samples", contract.JobCommanded, job)
}

func TestTheSamplesOfQuestionsAreWhatIsPublished(t *testing.T) {
	t.Parallel()
	caller := access.Caller{User: "U0001", Desk: "FXS1", Roles: []string{"trader"}}
	for typ, data := range map[event.Type]any{
		contract.WhatIfRequested: messages.WhatIfRequested{Caller: caller, Question: messages.WhatIf{Trades: []messages.Supposed{{
			Client: "C000001", Product: "spot", Pair: "EUR/USD", Currency: "EUR",
			Legs: []messages.SupposedLeg{{Side: "buy", Amount: "1000000", Rate: "1.0843", Tenor: "SPOT"}},
		}}}},
		contract.ActionsRequested: messages.ActionsRequested{Question: messages.TradeVersion{TradeID: "1c2b5a60-8d1f-8e0a-9d56-0c1f5ee7a0b1", Version: 1}},
		contract.LinesRequested:   messages.LinesRequested{Caller: caller, Question: messages.LinesQuestion{Client: "C000001", Limit: 100}},
	} {
		e, err := messages.Question(typ, "nonce", data, noon, time.Second)
		if err != nil {
			t.Fatal(err)
		}
		sample.Is(t, "samples", typ, e)
	}
}

// The mainframe's gateway names the version that is booked or refused, unless it is the first.
func TestTheVersionOfABookingIsRead(t *testing.T) {
	t.Parallel()
	var f blotter.Facts
	for typ, read := range map[event.Type]func(event.Event) (messages.Fact, error){
		contract.TradeBooked: messages.ReadBooked, contract.TradeRefused: messages.ReadRefused,
	} {
		fact, err := read(event.Event{Type: typ, Data: []byte(`{"trade_id":"1c2b5a60-8d1f-8e0a-9d56-0c1f5ee7a0b1","version":2,"code":"NOACCT"}`)})
		if err != nil {
			t.Fatal(err)
		}
		fact.Apply(&f)
	}
	if f.Booked.Version != 2 || f.Refused.Version != 2 {
		t.Errorf("%+v, %+v", f.Booked, f.Refused)
	}
}
