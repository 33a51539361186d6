package dialect

import (
	"testing"
	"time"

	"fxcore/gateways/internal/story"
	"fxcore/gateways/socket/message"
	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// A reservation is of a spot trade if it says SPOT, the only name of spot in this protocol, or if it says nothing. The core
// refuses a tenor that it does not know.
func TestAReservationIsOfSpotOnlyIfItSaysSoOrSaysNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ tenor, date, want string }{
		{"", "", story.ProductSpot},
		{"SPOT", "", story.ProductSpot},
		{"SPOT", "2026-11-26", story.ProductSpot},
		{"", "2026-11-26", story.ProductForward},
		{"1M", "", story.ProductForward},
		{"TOM", "", story.ProductForward},
		{"SP", "", story.ProductForward},
		{"SOON", "", story.ProductForward},
	} {
		if got := product(c.tenor, c.date); got != c.want {
			t.Errorf("tenor %q, value date %q: %s, want %s", c.tenor, c.date, got, c.want)
		}
	}
}

// A refusal of a reservation that does not exist has no id of it, if the provider has sent none.
func TestAnUnknownReservationHasNoID(t *testing.T) {
	t.Parallel()
	for reference, want := range map[string]string{"L-1": "", "": "T"} {
		data := `{"request":{"check_id":"C","reference":"L-2","action":"consume","target":"T","target_reference":"` + reference +
			`","echo":{"form":"C","sequence":1}},"rejected":{"code":"unknown_reservation","text":"none"}}`
		answer, err := new(Dialect).ShowLimits(true).FromEvent(event.Event{ID: "E", Type: contract.LineCheckRejected, Data: []byte(data)})
		if err != nil {
			t.Fatal(err)
		}
		if a := answer.(*message.LineChecked); a.ReservationID != want || a.CheckID != "C" {
			t.Errorf("named by %q: reservation %q, check %q", reference, a.ReservationID, a.CheckID)
		}
	}
}

// A value date stands above a tenor beside it. A reservation has no product of its own, so the date decides; a trade has one.
func TestADateStandsAboveATenor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tenor, date string
		want        bool
	}{{"SPOT", "2026-12-16", true}, {"SPOT", "", false}, {"", "2026-12-16", false}, {"1M", "2026-12-16", false}} {
		noon := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
		reserve := &message.LineCheck{
			RequestHead: message.RequestHead{Sequence: 1, Reference: "L"}, Action: message.Reserve, TransactedAt: noon, Client: "C000900",
			Pair: "EUR/USD", Currency: "EUR", Side: message.Buy, Amount: "1", Tenor: c.tenor, ValueDate: c.date,
		}
		e, err := New("SANDBOXS", "sandboxs", time.Minute).ToEvent(reserve, func(string, string) string { return "id" }, noon)
		if err != nil {
			t.Fatal(err)
		}
		var got CheckRequested
		if err := e.Read(&got); err != nil || got.Request.DateDecides != c.want || got.Request.ValueDate != c.date {
			t.Errorf("tenor %q, date %q: %+v, %v", c.tenor, c.date, got.Request, err)
		}
	}
}
