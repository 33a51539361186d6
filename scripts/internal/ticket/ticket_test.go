package ticket_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/quickfixgo/quickfix"
	"github.com/quickfixgo/quickfix/datadictionary"

	"fxcore/scripts/internal/desk"
	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/internal/ticket"
)

const dictionaries = "../../../gateways/fix/internal/dialect/dictionary/"

// The gateway's dictionaries are the contract: every message of the desk must pass them, in both versions.
func TestEveryMessagePassesTheGatewaysDictionary(t *testing.T) {
	for _, begin := range []string{fixwire.FIX44, fixwire.FIXT11} {
		t.Run(begin, func(t *testing.T) {
			check := checker(t, begin)
			d, err := desk.New("ALPHA-1-", 11)
			if err != nil {
				t.Fatal(err)
			}
			d.Use(desk.Checks{Parts: true, Named: true, Quotes: true})
			for range 1_500 {
				r, err := d.Next(time.Now())
				if err != nil {
					t.Fatal(err)
				}
				if r.Kind == desk.Reserve && !r.Flawed {
					r.ID = "4b1f0c9a-0000-8000-8000-000000000001"
					d.Approved(r)
				}
				check(r, ticket.Version(begin).Write(r))
			}
		})
	}
}

func checker(t *testing.T, begin string) func(desk.Request, *fixwire.Body) {
	t.Helper()
	transport, app := dictionary(t, "FIX44.xml"), dictionary(t, "FIX44.xml")
	strict := quickfix.ValidatorSettings{CheckFieldsOutOfOrder: true, RejectInvalidMessage: true, CheckUserDefinedFields: true}
	validator := quickfix.NewValidator(strict, app, nil)
	if begin == fixwire.FIXT11 {
		transport, app = dictionary(t, "FIXT11.xml"), dictionary(t, "FIX50SP2.xml")
		validator = quickfix.NewValidator(strict, app, transport)
	}
	return func(r desk.Request, b *fixwire.Body) {
		raw := fixwire.Append(nil, fixwire.Header{Begin: begin, Sender: "ALPHA", Target: "FXCORE", Seq: 2, Sent: time.Now()}, b)
		message := quickfix.NewMessage()
		if err := quickfix.ParseMessageWithDataDictionary(message, bytes.NewBuffer(raw), transport, app); err != nil {
			t.Fatalf("%+v: %v\n%s", r, err, raw)
		}
		if err := validator.Validate(message); err != nil {
			t.Fatalf("%+v: %v, tag %v\n%s", r, err, *err.RefTagID(), raw)
		}
	}
}

func dictionary(t *testing.T, name string) *datadictionary.DataDictionary {
	t.Helper()
	d, err := datadictionary.Parse(dictionaries + name)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestWhatAnAnswerSays(t *testing.T) {
	cases := []struct {
		name string
		body *fixwire.Body
		want ticket.Answer
	}{
		{"pending", fixwire.NewBody("8").Text(150, "A").Text(11, "R"), ticket.Answer{Outcome: ticket.Pending, Reference: "R"}},
		{"filled", fixwire.NewBody("8").Text(150, "F").Text(11, "R"), ticket.Answer{Outcome: ticket.Granted, Reference: "R"}},
		{"order rejected", fixwire.NewBody("8").Text(150, "8").Text(11, "R").Text(58, "why"), ticket.Answer{Outcome: ticket.Rejected, Reference: "R", Text: "why"}},
		{"report accepted", fixwire.NewBody("AR").Text(939, "0").Text(571, "R"), ticket.Answer{Outcome: ticket.Granted, Reference: "R"}},
		{"report rejected", fixwire.NewBody("AR").Text(939, "1").Text(571, "R").Text(58, "why"), ticket.Answer{Outcome: ticket.Rejected, Reference: "R", Text: "why"}},
		{"line approved", fixwire.NewBody("DG").Text(2325, "0").Text(2318, "R"), ticket.Answer{Outcome: ticket.Granted, Reference: "R"}},
		{"line cancelled", fixwire.NewBody("UDG").Text(2325, "4").Text(2318, "R"), ticket.Answer{Outcome: ticket.Granted, Reference: "R"}},
		{"line rejected", fixwire.NewBody("UDG").Text(2325, "2").Text(2318, "R").Text(1328, "why"), ticket.Answer{Outcome: ticket.Rejected, Reference: "R", Text: "why"}},
		{"not understood", fixwire.NewBody("3").Text(58, "why"), ticket.Answer{Outcome: ticket.Refused, Text: "why"}},
		{"no room", fixwire.NewBody("j").Text(379, "R").Text(58, "why"), ticket.Answer{Outcome: ticket.Refused, Reference: "R", Text: "why"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got, ok := ticket.Read(parsed(t, c.body)); !ok || got != c.want {
				t.Errorf("got %+v, %v", got, ok)
			}
		})
	}
	if _, ok := ticket.Read(parsed(t, fixwire.NewBody("B"))); ok {
		t.Error("news is taken for an answer")
	}
}

func parsed(t *testing.T, b *fixwire.Body) *fixwire.Message {
	t.Helper()
	raw := fixwire.Append(nil, fixwire.Header{Begin: fixwire.FIX44, Sender: "FXCORE", Target: "ALPHA", Seq: 2, Sent: time.Now()}, b)
	var m fixwire.Message
	if err := fixwire.NewReader(bytes.NewReader(raw)).Next(&m); err != nil {
		t.Fatal(err)
	}
	return &m
}
