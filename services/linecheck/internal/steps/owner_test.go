package steps

import (
	"maps"
	"strings"
	"testing"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
	"fxcore/services/contract/reason"
	"fxcore/services/linecheck/internal/messages"
)

// calling is a line check by the API. Its caller is nil for a request that does not say who asks.
type calling struct{ checkOf }

func (c calling) message(t *testing.T) event.Event {
	t.Helper()
	c.provider = contract.APIProvider
	e := c.checkOf.message(t, deadline)
	data := map[string]any{"authorized": map[string]any{"client_group": "G0001", "desk": "FXS1"}}
	maps.Copy(data, read[map[string]any](t, e))
	of := message(t, contract.LineCheckAuthorized, c.id(), "", deadline, data)
	of.Origin, of.Time = contract.API, e.Time
	return of
}

// All callers of the API are one provider. A reservation is its client's and its desk's all the same, whatever client the
// request names.
func TestAReservationByTheAPIIsOutOfReachOfOthers(t *testing.T) {
	t.Parallel()
	trader := func(desk string) *access.Caller {
		return &access.Caller{User: "U1", Roles: []string{"trader"}, Desk: desk}
	}
	system := func(client string) *access.Caller {
		return &access.Caller{User: "S1", Roles: []string{"system"}, Client: client}
	}
	operations := &access.Caller{User: "U3", Roles: []string{"operations"}}
	const no = "linecheck.rejected unknown_reservation"
	for name, c := range map[string]struct {
		caller                   *access.Caller
		consume, reverse, cancel string
	}{
		"a trader of the desk":        {trader("FXS1"), "", "", ""},
		"a trader of another desk":    {trader("FXS2"), no, no, no},
		"a trader of no desk":         {trader(""), no, no, no},
		"the client's system":         {system("C000001"), "", "", ""},
		"a system of the bank":        {system("*"), "", "", ""},
		"another client's system":     {system("C000002"), no, no, no},
		"a system of no client":       {system(""), no, no, no},
		"operations":                  {operations, no, no, ""},
		"a compliance officer":        {&access.Caller{User: "U4", Roles: []string{"compliance"}}, no, no, no},
		"a request without its asker": {nil, no, no, no},
	} {
		for _, named := range []string{"C000001", ""} { // what auth was told does not matter
			for action, want := range map[messages.Action]string{messages.Consume: c.consume, messages.Reverse: c.reverse, messages.Cancel: c.cancel} {
				w := newWorld(t)
				w.addDealer("U1")
				reserved := calling{checkOf{reference: "L1", action: messages.Reserve, amount: "1000000", caller: trader("FXS1")}}
				w.verdict(reserved.message(t))
				if action == messages.Reverse {
					w.verdict(calling{checkOf{reference: "L2", action: messages.Consume, provider: contract.APIProvider, target: "L1", caller: trader("FXS1")}}.message(t))
				}
				before := w.used("client/C000001")
				asked := calling{checkOf{reference: "L3", action: action, target: "L1", change: func(r map[string]any) { r["client"] = named }, caller: c.caller}}
				got := w.verdict(asked.message(t))
				if want == "" {
					want = "linecheck.completed " + map[messages.Action]string{
						messages.Consume: "consumed", messages.Reverse: "reversed", messages.Cancel: "cancelled",
					}[action]
				}
				if got != want || (want == no && w.used("client/C000001") != before) {
					t.Errorf("%s, %s for %q: %s, %s, want %s", name, action, named, got, w.used("client/C000001"), want)
				}
			}
		}
	}
}

// byAPI makes a trade one that a caller of the API asked for. check is the reference of a line check that it uses, or empty.
func byAPI(t *testing.T, s spot, who *access.Caller, check string) event.Event {
	t.Helper()
	data := s.data()
	request := data["request"].(map[string]any)
	request["provider"], data["caller"] = contract.APIProvider, who
	if check != "" {
		request["line_check"] = map[string]any{"check_id": event.NewID(testkit.Day, "linecheck", contract.APIProvider, check)}
	}
	return message(t, contract.TradeValidated, s.id(), "1", soon(), data)
}

// A caller who has guessed the id of another's trade cannot block that trade, nor learn of the reservation that it uses.
func TestACallerOfTheAPIKeepsNothingForTheTradeOfAnother(t *testing.T) {
	t.Parallel()
	system := func(client string) *access.Caller {
		return &access.Caller{User: "S" + client, Roles: []string{"system"}, Client: client}
	}
	for name, c := range map[string]struct {
		keeper *access.Caller
		client string // of the reservation
		same   bool   // whose trade it is
	}{
		"another client":                   {system("C000002"), "C000002", false},
		"a trader who deals for the other": {traderOfFXS1("U1"), "C000002", false},
		"another dealer of the client":     {traderOfFXS1("U2"), "C000001", false},
		"a system of the client":           {system("C000001"), "C000001", false},
		"the dealer":                       {traderOfFXS1("U1"), "C000001", true},
	} {
		w := newWorld(t)
		w.addDealer("U1")
		w.addDealer("U2")
		trade := spot{"T1", "C000001", "1000"}
		as := func(reference string, action messages.Action, who *access.Caller, client string) event.Event {
			change := func(r map[string]any) {
				r["client"] = client
				if action == messages.Consume {
					r["for_trade_id"] = trade.id()
				}
			}
			target := ""
			if action == messages.Consume {
				target = "R" + reference
			}
			return calling{checkOf{reference: reference, action: action, amount: "1000", target: target, caller: who, provider: contract.APIProvider, change: change}}.message(t)
		}
		w.verdict(as("RX", messages.Reserve, c.keeper, c.client))
		if got := w.verdict(as("X", messages.Consume, c.keeper, c.client)); got != "linecheck.completed consumed" {
			t.Fatalf("%s: %s", name, got)
		}
		w.verdict(as("RY", messages.Reserve, traderOfFXS1("U1"), "C000001"))
		own := w.verdict(as("Y", messages.Consume, traderOfFXS1("U1"), "C000001"))
		if want := map[bool]string{false: "linecheck.completed consumed", true: "linecheck.rejected reservation_differs"}[c.same]; own != want {
			t.Errorf("%s: the owner's own consumption: %s, want %s", name, own, want)
		}
		if got := w.verdict(byAPI(t, trade, traderOfFXS1("U1"), "")); got != "trade.reserved " {
			t.Errorf("%s: %s", name, got)
		}
		r, _ := w.book.Reservation(trade.id())
		from := event.NewID(testkit.Day, "linecheck", contract.APIProvider, map[bool]string{false: "RY", true: "RX"}[c.same])
		if r.From.ID != from {
			t.Errorf("%s: the trade uses %q, want %s", name, r.From.ID, from)
		}
	}
}

// What a caller of the API is told of another client's line check is what it is told of one that does not exist.
func TestATradeByTheAPITellsNothingOfAnotherClientsCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addDealer("U1")
	w.verdict(calling{checkOf{reference: "L1", action: messages.Reserve, amount: "1000", caller: traderOfFXS1("U1")}}.message(t)) // of C000001
	told := map[string]string{}
	for _, check := range []string{"L1", "L9"} {
		emitted, err := w.deliver(byAPI(t, spot{"T" + check, "C000002", "1000"}, &access.Caller{User: "S1", Roles: []string{"system"}, Client: "C000002"}, check))
		if err != nil {
			t.Fatal(err)
		}
		refused := read[answered](t, emitted[0]).Rejected
		id := event.NewID(testkit.Day, "linecheck", contract.APIProvider, check)
		told[check] = string(refused.Code) + strings.ReplaceAll(refused.Text, id, "")
	}
	if told["L1"] != told["L9"] || !strings.HasPrefix(told["L1"], string(reason.UnknownReservation)) {
		t.Errorf("%v", told)
	}
}
