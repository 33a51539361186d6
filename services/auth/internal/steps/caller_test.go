package steps_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox/inboxtest"
	"fxcore/lambda/testkit"
	"fxcore/services/auth/internal/steps"
	"fxcore/services/auth/internal/store"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
)

// byAPI is a request of a user by the API, with its data changed.
func byAPI(t *testing.T, typ event.Type, reference string, caller access.Caller, change func(request map[string]any)) event.Event {
	t.Helper()
	request := map[string]any{
		"provider": "API", "reference": reference, "trade_date": "2026-11-24", "client": "C000001", "product": "spot",
		"pair": "EUR/USD", "currency": "EUR", "digest": "d1",
	}
	id := contract.CheckID("API", reference, "2026-11-24")
	if typ == contract.TradeRequested {
		id = contract.TradeID("API", reference, "2026-11-24")
		request["trade_id"], request["legs"] = id, []any{map[string]any{"amount": "1000000"}}
	} else {
		request["check_id"], request["action"], request["amount"] = id, "reserve", "1000000"
	}
	if change != nil {
		change(request)
	}
	e, err := event.New(typ, event.NewID(testkit.Day, "message", reference), contract.API, id, map[string]any{"request": request, "caller": caller})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func handler(t *testing.T) amqp.Handler {
	t.Helper()
	return steps.Requests(staff()).Handler(schema(t), "auth/1", testkit.Log(t))
}

func TestEachRequestByTheAPIHasOneAnswer(t *testing.T) {
	trader := access.Caller{User: "U0001", Roles: []string{"trader"}, Desk: "FXS1"}
	officer := access.Caller{User: "U0014", Roles: []string{"trader"}, Desk: "FXS1"} // the token was issued before the role changed
	system := access.Caller{User: "S0001", Roles: []string{"system"}, Client: "C000001"}
	others := access.Caller{User: "S0001", Roles: []string{"system"}, Client: "C000002"}
	action := func(name string) func(map[string]any) {
		return func(r map[string]any) {
			r["action"], r["target"] = name, contract.CheckID("API", "check", "2026-11-24")
		}
	}
	blocked := func(r map[string]any) { action("cancel")(r); r["client"] = "C000902" }
	h := handler(t)
	got := verdicts(t, h,
		byAPI(t, contract.TradeRequested, "trader", trader, nil), byAPI(t, contract.TradeRequested, "officer", officer, nil),
		byAPI(t, contract.TradeRequested, "system", system, nil), byAPI(t, contract.TradeRequested, "others", others, nil),
		byAPI(t, contract.TradeRequested, "nobody", access.Caller{}, nil),
		byAPI(t, contract.LineCheckRequested, "check", trader, nil), byAPI(t, contract.LineCheckRequested, "officer's", officer, nil),
		byAPI(t, contract.LineCheckRequested, "consume", trader, action("consume")),
		byAPI(t, contract.LineCheckRequested, "cancel", trader, blocked),
		byAPI(t, contract.LineCheckRequested, "other's cancel", others, action("cancel")),
		byAPI(t, contract.LineCheckRequested, "what if", officer, action("what_if")),
	)
	want := []string{
		"authorized", "rejected unauthorised", "authorized", "rejected unauthorised", "rejected unauthorised",
		"authorized", "rejected unauthorised", "authorized", "authorized", "rejected unauthorised", "authorized",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Later services and the API read who asked, whatever the answer is.
func TestTheCallerTravelsWithTheAnswer(t *testing.T) {
	trader := access.Caller{User: "U0001", Roles: []string{"trader"}, Desk: "FXS1"}
	fine := byAPI(t, contract.TradeRequested, "fine", trader, nil)
	again := fine
	again.ID = event.NewID(testkit.Day, "again")
	large := byAPI(t, contract.TradeRequested, "large", trader, func(r map[string]any) { r["legs"] = []any{map[string]any{"amount": "1e9"}} })
	for i, r := range handler(t).Handle(t.Context(), []event.Event{fine, again, large}) {
		var data struct{ Caller *access.Caller }
		if r.Err != nil || json.Unmarshal(r.Emit[0].Data, &data) != nil || data.Caller == nil {
			t.Fatalf("answer %d: %v", i, r)
		}
		if diff := cmp.Diff(trader, *data.Caller); diff != "" {
			t.Error(diff)
		}
	}
}

func TestTheStepsOfRequestsByTheAPI(t *testing.T) {
	requests := steps.Requests(staff())
	requests.Clock = func() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }
	trader := access.Caller{User: "U0001", Roles: []string{"trader"}, Desk: "FXS1"}
	anonymous := byAPI(t, contract.TradeRequested, "anonymous", trader, nil)
	anonymous.Data = []byte(`{"request":{"provider":"API","digest":"d","trade_date":"2026-11-24","trade_id":"` + anonymous.Correlation + `"}}`)
	inboxtest.Exercise(t, inboxtest.Queue[*steps.Batch]{
		Steps: requests, Migrations: store.Migrations, Bad: []event.Event{anonymous}, AnyOrder: true,
		Events: []event.Event{
			byAPI(t, contract.TradeRequested, "one", trader, nil), byAPI(t, contract.LineCheckRequested, "two", trader, nil),
			byAPI(t, contract.TradeRequested, "three", access.Caller{User: "U0014"}, nil),
		},
	})
}
