package message_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"fxcore/gateways/socket/message"
)

// draw makes messages of any valid content.
type draw struct{ *rapid.T }

func (d draw) text(shortest, longest int) string {
	return rapid.StringMatching(fmt.Sprintf("[ -~]{%d,%d}", shortest, longest)).Draw(d.T, "text")
}

func (d draw) amount() string {
	n := rapid.Uint64Range(1, 999_999_999_999_999).Draw(d.T, "digits")
	text := fmt.Sprintf("%016d", n)
	cut := rapid.IntRange(6, 16).Draw(d.T, "point")
	return trimmed(text[:cut], text[cut:])
}

func trimmed(whole, fraction string) string {
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	if whole == "" {
		whole = "0"
	}
	if fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

func (d draw) figure() string {
	sign := rapid.SampledFrom([]string{"", "-"}).Draw(d.T, "sign")
	return sign + d.amount()
}

func (d draw) instant() time.Time {
	const from, to = 946_684_800_000_000, 4_102_444_800_000_000 - 1
	return time.UnixMicro(rapid.Int64Range(from, to).Draw(d.T, "micros")).UTC()
}

func (d draw) date() string { return d.instant().Format("2006-01-02") }

func (d draw) currency() string { return rapid.StringMatching("[A-Z]{3}").Draw(d.T, "currency") }

func (d draw) side() message.Side {
	return rapid.SampledFrom([]message.Side{message.Buy, message.Sell}).Draw(d.T, "side")
}

func (d draw) request() message.RequestHead {
	return message.RequestHead{Sequence: rapid.Uint64Min(1).Draw(d.T, "sequence"), Reference: d.text(1, 64)}
}

func (d draw) answer() message.AnswerHead {
	return message.AnswerHead{Received: rapid.Uint64().Draw(d.T, "received"), Sequence: rapid.Uint64().Draw(d.T, "sequence"), Reference: d.text(0, 64)}
}

// points are of any sign, or there are none.
func (d draw) points() string {
	return rapid.SampledFrom([]string{"", "0", "-0.0012", "0.00345"}).Draw(d.T, "points")
}

func (d draw) terms() message.Terms {
	t := message.Terms{
		TransactedAt: d.instant(), Client: d.text(1, 32), Account: d.text(0, 32), Pair: d.text(1, 32), Currency: d.currency(), QuoteID: d.text(0, 64),
		Product: rapid.SampledFrom([]message.Product{message.Spot, message.Forward, message.Swap}).Draw(d.T, "product"),
	}
	near := message.Leg{Side: d.side(), Amount: d.amount(), Rate: d.amount(), ValueDate: d.date()}
	t.Legs = []message.Leg{near}
	if t.Product == message.Swap {
		far := near
		far.Side, far.Amount, far.Tenor = 3-near.Side, d.amount(), d.text(0, 8)
		t.Legs = append(t.Legs, far)
	}
	return t
}

func (d draw) refusal() message.Refusal {
	return message.Refusal{Code: d.text(1, 32), Text: d.text(0, 512)}
}

func (d draw) message() message.Message {
	return rapid.SampledFrom([]func() message.Message{
		func() message.Message {
			return &message.TradeRequest{RequestHead: d.request(), Deadline: d.instant(), Terms: d.terms()}
		},
		func() message.Message {
			r := &message.TradeReport{RequestHead: d.request(), Terms: d.terms(), TradeDate: d.date(), SwapPoints: d.points()}
			r.Legs[0].Points = d.points()
			return r
		},
		func() message.Message {
			return &message.LineCheck{
				RequestHead: d.request(), Action: message.Reserve, TransactedAt: d.instant(), Client: d.text(1, 32), ExpiresAt: d.instant(),
				Pair: d.text(1, 32), Currency: d.currency(), Side: d.side(), Amount: d.amount(), Tenor: d.text(0, 8), ValueDate: d.date(),
			}
		},
		func() message.Message {
			return &message.LineCheck{
				RequestHead: d.request(), Action: message.Cancel, TransactedAt: d.instant(), Client: d.text(1, 32), ReservationID: d.text(1, 64),
			}
		},
		func() message.Message {
			return &message.StatusRequest{RequestHead: d.request(), Subject: message.Check, TradeDate: d.date()}
		},
		d.executed, d.lineChecked,
		func() message.Message {
			return &message.TradeRejected{AnswerHead: d.answer(), TradeID: d.text(1, 64), AnswerID: d.text(1, 64), DecidedAt: d.instant(), Refusal: d.refusal()}
		},
		func() message.Message {
			return &message.BusinessReject{
				AnswerHead: d.answer(), Reason: message.Busy, RefType: 'T', RefVersion: message.Version(rapid.Byte().Draw(d.T, "version")),
				Field: d.text(0, 64), Text: d.text(0, 512),
			}
		},
	}).Draw(d.T, "message")()
}

func (d draw) executed() message.Message {
	e := &message.Executed{
		AnswerHead: d.answer(), TradeID: d.text(1, 64), AnswerID: d.text(1, 64), TradeDate: d.date(), DecidedAt: d.instant(), Client: d.text(1, 32),
		Product: message.Swap, Pair: d.text(1, 32), Currency: d.currency(), SpotRate: d.figure(),
	}
	for range rapid.IntRange(1, 2).Draw(d.T, "legs") {
		e.Legs = append(e.Legs, message.ExecutedLeg{
			Side: d.side(), Amount: d.amount(), Rate: d.amount(), ValueDate: d.date(),
			OtherCurrency: d.currency(), OtherAmount: d.figure(), ForwardPoints: d.figure(),
		})
	}
	return e
}

func (d draw) lineChecked() message.Message {
	c := &message.LineChecked{
		AnswerHead: d.answer(), Outcome: message.Refused, Action: message.Reserve, CheckID: d.text(1, 64), AnswerID: d.text(1, 64),
		ReservationID: d.text(0, 64), DecidedAt: d.instant(), ApprovedAmount: d.figure(), Currency: d.currency(), ExpiresAt: d.instant(), Refusal: d.refusal(),
	}
	for range rapid.IntRange(0, 16).Draw(d.T, "nodes") {
		c.Nodes = append(c.Nodes, message.Node{Name: d.text(1, 64), Currency: d.currency(), Limit: d.figure(), Before: d.figure(), After: d.figure()})
	}
	return c
}

func TestMessagesReadAsTheyWereWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := draw{t}.message()
		b, err := appendAny(m)
		if err != nil {
			t.Fatal(err)
		}
		bound := message.MaxAnswer
		if _, ok := m.(message.Request); ok {
			bound = message.MaxRequest
		}
		if len(b) > bound {
			t.Fatalf("%d bytes", len(b))
		}
		got, err := decode(b, m)
		if diff := cmp.Diff(m, got); diff != "" || err != nil {
			t.Fatalf("%v %s", err, diff)
		}
	})
}

// storyOf is the trade or check that a whole answer is about.
func storyOf(m message.Message) string {
	switch m := m.(type) {
	case *message.Pending:
		return m.ID
	case *message.Executed:
		return m.TradeID
	case *message.TradeRejected:
		return m.TradeID
	case *message.ReportAnswered:
		return m.TradeID
	case *message.LineChecked:
		return m.CheckID
	}
	return ""
}

func TestTheStoryIsReadAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := draw{t}.message()
		b, err := appendAny(m)
		if err != nil {
			t.Fatal(err)
		}
		if kind, id := message.Story(b); kind != m.Type() || id != storyOf(m) {
			t.Fatalf("%c %q of %+v", kind, id, m)
		}
		_, _ = message.Story(b[:rapid.IntRange(0, len(b)).Draw(t, "whole")]) // half of one is nothing to end by
	})
}

// Any bytes are a request or a fault. A request is written as one that reads the same. A fault can be answered.
func FuzzParseRequest(f *testing.F) {
	for _, m := range requestSamples() {
		f.Add(encode(f, m))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		m, err := message.ParseRequest(payload)
		if err != nil {
			encode(t, faultOf(t, err).Reject(0))
			return
		}
		again, err := message.ParseRequest(encode(t, m))
		if diff := cmp.Diff(m, again); diff != "" || err != nil {
			t.Fatalf("%v %s", err, diff)
		}
	})
}

func FuzzParseAnswer(f *testing.F) {
	for _, m := range answerSamples() {
		f.Add(encode(f, m))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		m, err := message.ParseAnswer(payload)
		if err != nil {
			_ = faultOf(t, err)
			return
		}
		if kind, id := message.Story(payload); kind != m.Type() || id != storyOf(m) {
			t.Fatalf("story of %+v: %c %q", m, kind, id)
		}
		again, err := message.ParseAnswer(encode(t, m))
		if diff := cmp.Diff(m, again); diff != "" || err != nil {
			t.Fatalf("%v %s", err, diff)
		}
	})
}

func BenchmarkStory(b *testing.B) {
	payload := encode(b, answerSamples()["executed-swap"])
	b.Run("whole", func(b *testing.B) {
		for b.Loop() {
			if _, err := message.ParseAnswer(payload); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("story", func(b *testing.B) {
		for b.Loop() {
			if _, id := message.Story(payload); id == "" {
				b.Fatal("none")
			}
		}
	})
}

func BenchmarkParseRequest(b *testing.B) {
	payload := encode(b, requestSamples()["swap"])
	for b.Loop() {
		if _, err := message.ParseRequest(payload); err != nil {
			b.Fatal(err)
		}
	}
}
