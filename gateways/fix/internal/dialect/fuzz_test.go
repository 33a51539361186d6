package dialect

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/quickfixgo/quickfix"

	"fxcore/lambda/event"
)

// FuzzToEvent: whatever a provider sends, there is an answer: an event that is whole, or a refusal, and never a panic.
// Messages reach the dialect framed, so the input is the part between BodyLength and CheckSum.
func FuzzToEvent(f *testing.F) {
	for _, s := range samples() {
		f.Add(s.session.fix44(), "35="+s.msgType+"|34=2|"+s.body)
	}
	for _, b := range badInput {
		f.Add(true, "35="+b.msgType+"|34=2|"+strings.Replace(b.good, b.from, b.to, 1))
	}
	d := New(Settings{})
	loaded := map[bool]dictionaryPair{true: loadDictionaries(f, session44), false: loadDictionaries(f, session50)}
	f.Fuzz(func(t *testing.T, fix44 bool, inner string) {
		s := session50
		if fix44 {
			s = session44
		}
		m, ok := parseAny(loaded[fix44], seal(s.BeginString, strings.ReplaceAll(inner, "|", "\x01")))
		if !ok {
			return // the engine's own to refuse
		}
		in, reject := d.ToEvent(s, always("id"), noon, m)
		if (reject == nil) == (in.Event.ID == "") {
			t.Fatalf("neither or both: %v, %+v", reject, in)
		}
		if reject == nil {
			whole(t, d, s, in.Event)
		}
		if d.Overloaded(s, m) == nil {
			t.Fatal("an overloaded gateway gave no answer")
		}
	})
}

// parseAny parses as the engine does. Its parser panics on some frames; the front cuts those off before.
func parseAny(c dictionaryPair, raw []byte) (m *quickfix.Message, ok bool) {
	defer func() {
		if recover() != nil {
			m, ok = nil, false
		}
	}()
	m = quickfix.NewMessage()
	err := quickfix.ParseMessageWithDataDictionary(m, bytes.NewBuffer(raw), c.transport, c.app)
	return m, err == nil
}

// whole checks that an event can be published, read and answered as pending.
func whole(t *testing.T, d *Dialect, s Session, e event.Event) {
	t.Helper()
	if err := e.Validate(); err != nil {
		t.Fatal(err)
	}
	if !utf8.Valid(e.Data) {
		t.Fatalf("data %q", e.Data)
	}
	var trade TradeRequested
	if err := e.Read(&trade); err != nil {
		t.Fatal(err)
	}
	if strings.HasPrefix(e.Type.Name, "trade") {
		for _, l := range trade.Request.Legs {
			if l.Side == "" || l.Amount == "" || l.Rate == "" || (l.Tenor == "") == (l.ValueDate == "") {
				t.Fatalf("leg %+v", l)
			}
		}
	}
	if m, has := d.Pending(s, e); has && strings.Count(m.String(), "\x0135=") != 1 {
		t.Fatalf("pending %q", m)
	}
}
