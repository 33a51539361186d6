package messages_test

import (
	"testing"

	"fxcore/lambda/event"
	"fxcore/services/auth/internal/messages"
	"fxcore/services/contract"
	"fxcore/services/contract/rights"
)

func TestOnlyTheAPISaysWhoAsks(t *testing.T) {
	const caller = `,"caller":{"user":"U0001","roles":["trader"],"desk":"FXS1"}`
	for name, c := range map[string]struct {
		origin, provider, section string
		user                      string // empty: nobody
		refused                   bool
	}{
		"by the API":               {"api", "API", caller, "U0001", false},
		"a provider that claims":   {"alpha", "ALPHA", caller, "", false},
		"a provider of that name":  {"alpha", "API", caller, "", true},
		"a provider by the API":    {"api", "ALPHA", caller, "", true},
		"the API without a caller": {"api", "API", "", "", true},
		"the API with no caller":   {"api", "API", `,"caller":null`, "", true},
		"a caller of another form": {"api", "API", `,"caller":"U0001"`, "", true},
	} {
		e := event.Event{
			ID: "1", Type: contract.TradeRequested, Origin: c.origin,
			Data: []byte(`{"request":{"trade_id":"1","provider":"` + c.provider + `"}` + c.section + `}`),
		}
		r, err := messages.ReadRequest(e)
		user := ""
		if r.Caller != nil {
			user = r.Caller.User
		}
		if user != c.user || (err != nil) != c.refused {
			t.Errorf("%s: caller %q, %v", name, user, err)
		}
	}
}

func TestTheRightThatARequestNeeds(t *testing.T) {
	for want, r := range map[rights.Action]messages.Request{
		rights.EnterTrade:  {TradeID: "1"},
		rights.ReserveLine: {CheckID: "1", Action: "reserve"},
		rights.AskWhatIf:   {CheckID: "1", Action: "what_if"},
		rights.ConsumeLine: {CheckID: "1", Action: "consume"},
		rights.CancelLine:  {CheckID: "1", Action: "cancel"},
	} {
		if got := r.Right(); got != want {
			t.Errorf("%+v: %s, want %s", r, got, want)
		}
	}
	if got := (messages.Request{CheckID: "1", Action: "reverse"}).Right(); got != rights.ConsumeLine {
		t.Errorf("reverse: %s", got)
	}
}
