package steps

import (
	"maps"
	"testing"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
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
