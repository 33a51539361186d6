package steps_test

import (
	"bytes"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/responsibility/internal/assignment"
	"fxcore/services/responsibility/internal/messages"
)

func TestARegisteredTradeIsAssignedToTheClientsDesk(t *testing.T) {
	e := registered(t, "1", "1")
	got := assigned(t, replica(t, schema(t), "1", desks()).Handle(t.Context(), []event.Event{e})[0])
	want := messages.Assigned{TradeID: e.Correlation, Version: 1, Desk: "FXS2", Trader: got.Trader, Rule: "client-desk"}
	if diff := cmp.Diff(want, got); diff != "" || got.Trader == "" {
		t.Errorf("trader %q; %s", got.Trader, diff)
	}
}

func TestWhoeverAnswersForATradeKeepsIt(t *testing.T) {
	pool, e := schema(t), registered(t, "1", "1")
	first := replica(t, pool, "1", desks()).Handle(t.Context(), []event.Event{e})
	later := replica(t, pool, "2", static{"FXS9": {ID: "FXS9", Products: []string{"spot"}, Traders: []string{"U0099"}}})
	for name, again := range map[string]event.Event{
		"the same message, late":            e,
		"another message of the same trade": registered(t, "1", "2"),
		"and that one again":                registered(t, "1", "2"),
	} {
		t.Run(name, func(t *testing.T) {
			got := later.Handle(t.Context(), []event.Event{again})
			if diff := cmp.Diff(assigned(t, first[0]), assigned(t, got[0])); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// All versions of a trade have the same trader, so the message must name the version.
func TestAnAssignmentNamesTheVersionThatWasRegistered(t *testing.T) {
	first, second := registered(t, "1", "1"), registered(t, "1", "2")
	second.Data = bytes.Replace(second.Data, []byte(`"registered":{`), []byte(`"registered":{"version":2,`), 1)
	results := replica(t, schema(t), "1", desks()).Handle(t.Context(), []event.Event{first, second})
	want := assigned(t, results[0])
	if want.Version != 1 {
		t.Errorf("without a version: %+v", want)
	}
	want.Version = 2
	if diff := cmp.Diff(want, assigned(t, results[1])); diff != "" {
		t.Error(diff)
	}
}

// The desk must hear what is remarkable about a trade that it answers for: what any service has flagged, and from an older version of
// trading what that has flagged.
func TestTheDeskHearsOfTheFlags(t *testing.T) {
	flag := `{"flag":"off_market","leg":2,"deviation":"0.02","text":"far off"}`
	ofTrading, ofLineCheck := messages.Flag{Flag: "off_market", Leg: 2, Deviation: "0.02", Text: "far off"}, messages.Flag{Flag: "over_line", Text: "short"}
	for registration, want := range map[string][]messages.Flag{
		`"registered":{`: {ofTrading},
		`"registered":{"flags":[` + flag + `,{"flag":"over_line","leg":0,"text":"short"}],`: {ofTrading, ofLineCheck},
	} {
		e := registered(t, "1", "1")
		e.Data = bytes.Replace(e.Data, []byte(`"registered":{`), []byte(`"validated":{"flags":[`+flag+`]},`+registration), 1)
		got := assigned(t, replica(t, schema(t), "1", desks()).Handle(t.Context(), []event.Event{e})[0])
		if diff := cmp.Diff(want, got.Flags); diff != "" {
			t.Error(diff)
		}
	}
}

func TestABadEventDoesNotTouchItsNeighbours(t *testing.T) {
	bad := registered(t, "bad", "1")
	bad.Data = []byte(`{"registered":{"trade_id":"7"}}`)
	foreign := registered(t, "foreign", "1")
	foreign.Type.Name = "trade.reserved"
	results := replica(t, schema(t), "1", desks()).Handle(t.Context(),
		[]event.Event{registered(t, "1", "1"), bad, foreign, registered(t, "2", "1")})
	assigned(t, results[0])
	assigned(t, results[3])
	if results[1].Err == nil || results[2].Err == nil {
		t.Errorf("bad events were taken: %+v, %+v", results[1], results[2])
	}
}

func TestWithoutAnybodyATradeIsTriedAgain(t *testing.T) {
	pool, e := schema(t), registered(t, "1", "1")
	if r := replica(t, pool, "1", nil).Handle(t.Context(), []event.Event{e})[0]; r.Err == nil {
		t.Fatal("a trade was assigned to nobody")
	}
	assigned(t, replica(t, pool, "1", desks()).Handle(t.Context(), []event.Event{e})[0])
}

// Two replicas with different static data get a message about each trade at the same time: each trade gets one trader.
func TestTwoReplicasAtOnceAgree(t *testing.T) {
	const trades = 100
	pool := schema(t)
	other := static{"FXS2": assignment.Desk{ID: "FXS2", Products: []string{"spot"}, Traders: []string{"U0099"}}}
	batches := make([][]event.Event, 2)
	for i := range trades {
		batches[0] = append(batches[0], registered(t, fmt.Sprint(i), "1"))
		batches[1] = append([]event.Event{registered(t, fmt.Sprint(i), "2")}, batches[1]...)
	}
	results := make([][]amqp.Result, 2)
	var replicas sync.WaitGroup
	for i, known := range []static{desks(), other} {
		h := replica(t, pool, fmt.Sprint(i), known)
		replicas.Go(func() { results[i] = h.Handle(t.Context(), batches[i]) })
	}
	replicas.Wait()
	for i := range trades {
		if diff := cmp.Diff(assigned(t, results[0][i]), assigned(t, results[1][trades-1-i])); diff != "" {
			t.Fatal(diff)
		}
	}
}
