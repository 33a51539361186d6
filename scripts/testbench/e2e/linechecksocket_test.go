//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	socketclient "fxcore/gateways/socket/client"
	"fxcore/gateways/socket/message"
	"fxcore/scripts/internal/witness"
	"fxcore/scripts/testbench/oracle"
	"fxcore/scripts/testbench/oracle/record"
)

// socketSandbox is the provider that sends the page's socket samples.
const socketSandbox = "SANDBOXS"

// socketSamples sends samples over the socket. The page names fields as the tables of the protocol do.
type socketSamples struct {
	*socketclient.Client
	w      *record.Writer
	prefix string
	rate   func() string
}

func (c *core) socketSamples(t *testing.T, rate func() string) *socketSamples {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), logonBound)
	defer cancel()
	cl, err := socketclient.Dial(ctx, c.urls["socket"], socketclient.Credentials{Username: "sandbs", Password: socketPassword("sandbs")}, socketclient.Point{Next: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cl.Close)
	return &socketSamples{cl, c.record(t, "linecheck-"+socketSandbox), c.run + "-", rate}
}

// read returns the name and the fields of a sample. References are made unique for the run.
func (s *socketSamples) read(t *testing.T, text string) (kind string, fields map[string]string) {
	t.Helper()
	words := strings.Fields(text)
	fields = map[string]string{}
	for _, word := range words[1:] {
		name, value, ok := strings.Cut(word, "=")
		if !ok {
			t.Fatalf("%s: %q is not field=value", text, word)
		}
		if strings.HasSuffix(name, "reference") {
			value = s.prefix + value
		}
		if value == "{rate}" {
			value = s.rate()
		}
		fields[name] = value
	}
	return words[0], fields
}

// The codes of the page's words.
var (
	socketActions = map[string]message.Action{"reserve": message.Reserve, "consume": message.Consume, "cancel": message.Cancel, "reverse": message.Reverse}
	socketSides   = map[string]message.Side{"buy": message.Buy, "sell": message.Sell}
	socketRests   = map[string]message.Rest{"keep": message.Keep, "free": message.Free}
)

// request makes a sample's message with the time of now.
func (s *socketSamples) request(t *testing.T, kind string, f map[string]string) message.Request {
	t.Helper()
	head := message.RequestHead{Reference: f["reference"]}
	terms := message.Terms{
		TransactedAt: time.Now(), Client: f["client"], Product: message.Spot, Pair: f["pair"], Currency: f["currency"],
		Legs:           []message.Leg{{Side: socketSides[f["side"]], Amount: f["amount"], Rate: f["rate"], Tenor: f["tenor"]}},
		CheckReference: f["uses_check_reference"], Rest: socketRests[f["rest"]],
	}
	switch kind {
	case "LineCheck":
		return &message.LineCheck{
			RequestHead: head, Action: socketActions[f["action"]], TransactedAt: time.Now(), Client: f["client"], ReservationReference: f["reservation_reference"],
			Pair: f["pair"], Currency: f["currency"], Side: socketSides[f["side"]], Amount: f["amount"], Tenor: f["tenor"],
			ForTradeReference: f["for_trade_reference"],
		}
	case "TradeRequest":
		return &message.TradeRequest{RequestHead: head, Terms: terms}
	case "TradeReport":
		return &message.TradeReport{RequestHead: head, Terms: terms}
	}
	t.Fatalf("a sample of kind %q", kind)
	return nil
}

// ask sends a sample and writes down what it means.
func (s *socketSamples) ask(t *testing.T, text string) {
	t.Helper()
	kind, f := s.read(t, text)
	m := s.request(t, kind, f)
	number := func(name string) decimal.Decimal {
		d, _ := decimal.NewFromString(f[name]) // absent means zero
		return d
	}
	x := oracle.Sent{
		Session: socketSandbox, Reference: f["reference"], Form: string(m.Type()), Product: "spot", Action: f["action"], Target: f["reservation_reference"],
		Uses: f["uses_check_reference"], For: f["for_trade_reference"], Rest: f["rest"], Client: f["client"], Pair: f["pair"], Currency: f["currency"],
		Side: f["side"], Amount: number("amount"), Rate: number("rate"), At: time.Now(),
	}
	s.w.Sent(x)
	ctx, cancel := context.WithTimeout(t.Context(), waitForAnswer)
	defer cancel()
	if _, err := s.Send(ctx, m); err != nil {
		t.Fatal(err)
	}
}

// expect waits for the final answer to a reference. It must have the fields of the sample.
func (s *socketSamples) expect(t *testing.T, text string) {
	t.Helper()
	kind, want := s.read(t, text)
	ctx, cancel := context.WithTimeout(t.Context(), waitForAnswer)
	defer cancel()
	for {
		m, err := s.Next(ctx)
		if err != nil {
			t.Fatalf("no answer; the page shows %s: %v", text, err)
		}
		a, err := m.Answer()
		if err != nil {
			t.Fatal(err)
		}
		if said, ok := witness.ReadSocket(a); ok {
			said.Run, said.Session, said.At, said.Seq = "linecheck", socketSandbox, time.Now(), int(m.Number) //nolint:gosec // small
			s.w.Received(said)
		}
		if a.Head().Reference == want["reference"] && a.Type() != message.TypePending {
			mustSay(t, a, kind, want)
			return
		}
	}
}

// mustSay compares an answer with a sample.
func mustSay(t *testing.T, a message.Answer, kind string, want map[string]string) {
	t.Helper()
	if got := strings.TrimPrefix(fmt.Sprintf("%T", a), "*message."); got != kind {
		t.Errorf("%s: %s, want %s: %+v", want["reference"], got, kind, a)
		return
	}
	raw, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(raw, &fields); err != nil {
		t.Fatal(err)
	}
	for name, value := range want {
		if got := fmt.Sprint(fields[goNames[name]]); got != value && name != "outcome" {
			t.Errorf("%s: %s is %s, want %s: %s", want["reference"], name, got, value, raw)
		}
	}
	outcome, says := want["outcome"]
	if checked, ok := a.(*message.LineChecked); says && ok && strings.ToLower(fmt.Sprint(checked.Outcome)) != outcome {
		t.Errorf("%s: the outcome is %v, want %s: %s", want["reference"], checked.Outcome, outcome, raw)
	}
}

// goNames are the names of fields of answers in package message.
var goNames = map[string]string{"reference": "Reference", "amount": "Amount", "open_amount": "OpenAmount", "consumed_amount": "ConsumedAmount"}
