package message_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/socket/message"
)

// faultOf returns the fault that an error is.
func faultOf(t testing.TB, err error) *message.Fault {
	t.Helper()
	var fault *message.Fault
	if !errors.As(err, &fault) {
		t.Fatalf("no fault: %v", err)
	}
	return fault
}

// For each rule of a request, a request that breaks it is neither written nor read. The error names the field.
func TestRulesOfRequests(t *testing.T) {
	trade := func(sample string, broken func(*message.TradeRequest)) message.Request {
		m := requestSamples()[sample].(*message.TradeRequest)
		broken(m)
		return m
	}
	check := func(sample string, broken func(*message.LineCheck)) message.Request {
		m := requestSamples()[sample].(*message.LineCheck)
		broken(m)
		return m
	}
	long := strings.Repeat("x", 65)
	for field, requests := range map[string][]message.Request{
		"sequence":      {trade("spot", func(m *message.TradeRequest) { m.Sequence = 0 })},
		"transacted_at": {trade("spot", func(m *message.TradeRequest) { m.TransactedAt = time.Time{} })},
		"deadline": {
			trade("spot", func(m *message.TradeRequest) { m.Deadline = noon.AddDate(-30, 0, 0) }),
			trade("spot", func(m *message.TradeRequest) { m.Deadline = noon.AddDate(90, 0, 0) }),
		},
		"reference": {
			trade("spot", func(m *message.TradeRequest) { m.Reference = "" }),
			trade("spot", func(m *message.TradeRequest) { m.Reference = "tab\t" }),
			trade("spot", func(m *message.TradeRequest) { m.Reference = "ü" }),
			&message.StatusRequest{Subject: message.Trade},
			&message.StatusRequest{RequestHead: request(0, "S-1")},
		},
		"client":       {trade("spot", func(m *message.TradeRequest) { m.Client = "" })},
		"product":      {trade("spot", func(m *message.TradeRequest) { m.Product = 4 }), trade("spot", func(m *message.TradeRequest) { m.Product = 0 })},
		"pair":         {trade("spot", func(m *message.TradeRequest) { m.Pair = "" }), check("reserve", func(m *message.LineCheck) { m.Pair = "" })},
		"currency":     {trade("spot", func(m *message.TradeRequest) { m.Currency = "" }), trade("spot", func(m *message.TradeRequest) { m.Currency = "eur" }), trade("spot", func(m *message.TradeRequest) { m.Currency = "EU" }), check("reserve", func(m *message.LineCheck) { m.Currency = "" })},
		"legs":         {trade("spot", func(m *message.TradeRequest) { m.Legs = nil }), trade("swap", func(m *message.TradeRequest) { m.Legs = m.Legs[:1] }), trade("spot", func(m *message.TradeRequest) { m.Legs = append(m.Legs, m.Legs[0], m.Legs[0]) })},
		"legs[0].side": {trade("spot", func(m *message.TradeRequest) { m.Legs[0].Side = 0 }), trade("spot", func(m *message.TradeRequest) { m.Legs[0].Side = 3 })},
		"legs[1].side": {trade("swap", func(m *message.TradeRequest) { m.Legs[1].Side = message.Buy })},
		"legs[0].amount": amounts(func(n string) message.Request {
			return trade("spot", func(m *message.TradeRequest) { m.Legs[0].Amount = n })
		}),
		"legs[1].rate": amounts(func(n string) message.Request {
			return trade("swap", func(m *message.TradeRequest) { m.Legs[1].Rate = n })
		}),
		"legs[0].tenor": {
			trade("spot", func(m *message.TradeRequest) { m.Legs[0].Tenor = "1M" }),
			trade("forward", func(m *message.TradeRequest) { m.Legs[0].Tenor, m.Legs[0].ValueDate = "", "" }),
		},
		"legs[0].forward_points": {trade("spot", func(m *message.TradeRequest) { m.Legs[0].Points = "-0.001" })},
		"legs[1].tenor":          {trade("swap", func(m *message.TradeRequest) { m.Legs[1].Tenor = "" })},
		"legs[0].value_date":     {trade("forward", func(m *message.TradeRequest) { m.Legs[0].ValueDate = "1999-12-31" })},
		"action":                 {check("reserve", func(m *message.LineCheck) { m.Action = 0 })},
		"side":                   {check("reserve", func(m *message.LineCheck) { m.Side = 0 })},
		"amount":                 {check("reserve", func(m *message.LineCheck) { m.Amount = "" })},
		"expires_at":             {check("consume", func(m *message.LineCheck) { m.ExpiresAt = noon })},
		"reservation_id": {
			check("reserve", func(m *message.LineCheck) { m.ReservationID = checkID }),
			check("consume", func(m *message.LineCheck) { m.ReservationReference = "" }),
			check("consume", func(m *message.LineCheck) { m.ReservationID = checkID }),
		},
		"for_trade_id": {
			check("reserve", func(m *message.LineCheck) { m.ForTradeID = tradeID }),
			check("consume-for-a-trade", func(m *message.LineCheck) { m.ForTradeID = tradeID }),
		},
		"for_trade_reference":   {check("cancel", func(m *message.LineCheck) { m.ForTradeReference = "R-2" })},
		"reservation_reference": {check("reserve", func(m *message.LineCheck) { m.ReservationReference = "L-0" })},
	} {
		for _, m := range requests {
			refused(t, m, field)
		}
	}
	tooLong := trade("spot", func(m *message.TradeRequest) { m.Reference = long })
	if _, err := message.AppendRequest(nil, tooLong); faultOf(t, err).Field != "reference" {
		t.Error(err)
	}
}

// amounts returns requests with texts that are no numbers above zero.
func amounts(with func(string) message.Request) (all []message.Request) {
	for _, n := range []string{"", "0", "0.00", "-1", "1e6", "+1", "1,000", ".5", "5.", "1234567890123456", "0.12345678901", "0x10", "NaN", "1_0"} {
		all = append(all, with(n))
	}
	return all
}

func refused(t *testing.T, m message.Request, field string) {
	t.Helper()
	kept := []byte("kept")
	b, err := message.AppendRequest(kept, m)
	if !bytes.Equal(b, kept) || err == nil || faultOf(t, err).Field != field {
		t.Errorf("%s: written %q, %v", field, b, err)
	}
	_, err = message.ParseRequest(message.Raw(m))
	if err == nil {
		t.Errorf("%s: read", field)
		return
	}
	if fault := faultOf(t, err); fault.Field != field || fault.Reason != message.Malformed || fault.Type != m.Type() {
		t.Errorf("%s: read with %v", field, err)
	}
}

// A number has one text. Superfluous zeros are dropped, in writing and in reading.
func TestNumbersHaveOneForm(t *testing.T) {
	m := requestSamples()["spot"].(*message.TradeRequest)
	plain := encode(t, m)
	m.Legs[0].Amount, m.Legs[0].Rate = "0001000000.00", "1.08432000"
	if !bytes.Equal(encode(t, m), plain) {
		t.Error("written with superfluous zeros")
	}
	padded := bytes.Replace(plain, []byte("\x071.08432"), []byte("\x091.0843200"), 1)
	padded = bytes.Replace(padded, []byte("\x00\x1c"), []byte("\x00\x1e"), 1) // the entry's length
	got, err := message.ParseRequest(padded)
	if err != nil || got.(*message.TradeRequest).Legs[0].Rate != "1.08432" {
		t.Errorf("%v %v", got, err)
	}
}

// A message that is cut off anywhere is refused. So are bytes after its end.
func TestAMessageIsWholeOrRefused(t *testing.T) {
	for name, m := range samples() {
		whole := encode(t, m)
		for n := range whole {
			if got, err := decode(whole[:n:n], m); err == nil {
				t.Errorf("%s: the first %d bytes read as %v", name, n, got)
			}
		}
		if _, err := decode(append(whole, 0), m); err == nil || faultOf(t, err).Field != "end" {
			t.Errorf("%s with a byte more: %v", name, err)
		}
	}
}

// A newer minor version appends fields to the message and to its entries. An older reader reads the message without them.
func TestANewerMinorVersionIsReadWithoutItsNews(t *testing.T) {
	for name, m := range samples() {
		newer := append(encode(t, m), "news"...)
		newer[1]++
		got, err := decode(newer, m)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !bytes.Equal(encode(t, got), encode(t, m)) {
			t.Errorf("%s: read as %v", name, got)
		}
	}
	entry := encode(t, requestSamples()["spot"])
	at := bytes.Index(entry, []byte("\x00\x1c")) // the leg: its length, then as many bytes
	entry = slices.Insert(entry, at+2+0x1c, 1, 2)
	entry[at+1] += 2
	if _, err := message.ParseRequest(entry); faultOf(t, err).Field != "legs[0].end" {
		t.Errorf("an entry that is longer in this version: %v", err)
	}
	entry[1]++
	if _, err := message.ParseRequest(entry); err != nil {
		t.Errorf("an entry that is longer in a newer version: %v", err)
	}
}

// A request that cannot be read at all is refused by its number and reference, because the heads never change.
func TestWhatIsNotServedIsRefusedByItsHead(t *testing.T) {
	for name, c := range map[string]struct {
		at   int
		b    byte
		want message.Reason
	}{
		"the join of tomorrow": {0, 'j', message.UnknownType}, "an answer": {0, 'E', message.UnknownType},
		"the next major version": {1, 0x20, message.UnknownVersion}, "none": {1, 0x00, message.UnknownVersion},
	} {
		payload := encode(t, requestSamples()["forward"])
		payload[c.at] = c.b
		_, err := message.ParseRequest(append(payload, "anything"...))
		fault := faultOf(t, err)
		if fault.Reason != c.want || fault.Sequence != 3 || fault.Reference != "F-1" {
			t.Errorf("%s: %+v", name, fault)
		}
		reject := fault.Reject(3)
		if got, err := message.ParseAnswer(encode(t, reject)); err != nil || got.Head().Sequence != 3 {
			t.Errorf("%s: its answer %v, %v", name, got, err)
		}
	}
	news := encode(t, answerSamples()["pending"])
	news[0] = 'n'
	if kind, head, err := message.ParseHead(news); err != nil || kind != 'n' || head.Received != 1 {
		t.Errorf("head of an unknown answer: %v %v %v", kind, head, err)
	}
}

// A text for a person never keeps an answer from being sent.
func TestWordsAreMadePrintable(t *testing.T) {
	m := answerSamples()["rejected"].(*message.TradeRejected)
	m.Text = "0.5 € over\nthe line" + strings.Repeat("!", 600)
	got, err := message.ParseAnswer(encode(t, m))
	if err != nil {
		t.Fatal(err)
	}
	if text := got.(*message.TradeRejected).Text; !strings.HasPrefix(text, "0.5 ? over the line!") || len(text) != 512 {
		t.Errorf("%d characters: %s", len(text), text)
	}
}

func TestReasonsTellWhetherToSendAgain(t *testing.T) {
	for reason, taken := range map[message.Reason]bool{
		message.UnknownType: true, message.UnknownVersion: true, message.Malformed: true, message.OutOfSequence: false, message.Busy: false,
	} {
		if reason.Taken() != taken || reason.String() == "" {
			t.Errorf("%q taken: %v", reason, reason.Taken())
		}
	}
}
