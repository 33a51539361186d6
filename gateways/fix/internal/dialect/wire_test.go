package dialect

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quickfixgo/quickfix"
	"github.com/quickfixgo/quickfix/datadictionary"

	"fxcore/gateways/fix/internal/variation"
)

var (
	session44 = Session{Provider: "SANDBOX44", BeginString: quickfix.BeginStringFIX44, ShowsLimits: true}
	session50 = Session{Provider: "SANDBOX50", BeginString: quickfix.BeginStringFIXT11, DefaultApplVerID: "9", ShowsLimits: true}
)

// always gives every event the same ID.
func always(id string) EventID { return func(string) string { return id } }

// noon is a Tuesday, 12:00 UTC: 07:00 in New York.
var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// frame makes a whole message of a body written with | for SOH.
func frame(begin, msgType, sender string, seq int, at time.Time, body string) []byte {
	inner := fmt.Sprintf("35=%s\x0149=%s\x0156=FXCORE\x0134=%d\x0152=%s\x01", msgType, sender, seq, at.UTC().Format(timestampLayout)) +
		strings.ReplaceAll(body, "|", "\x01")
	return seal(begin, inner)
}

// seal adds BeginString, BodyLength and CheckSum.
func seal(begin, inner string) []byte {
	out := fmt.Appendf(nil, "8=%s\x019=%d\x01%s", begin, len(inner), inner)
	sum := 0
	for _, c := range out {
		sum += int(c)
	}
	return fmt.Appendf(out, "10=%03d\x01", sum%256)
}

// dictionaryPair is what a session is validated by.
type dictionaryPair struct {
	transport, app *datadictionary.DataDictionary
	validator      quickfix.Validator
}

func loadDictionaries(t testing.TB, s Session) dictionaryPair {
	t.Helper()
	return loaded.of(t, s)
}

// library holds the dictionaries of the standard dialect by BeginString. Hundreds of messages are read with them, and it takes long to
// parse them.
type library struct {
	mu    sync.Mutex
	pairs map[string]dictionaryPair
}

var loaded = library{pairs: map[string]dictionaryPair{}}

func (l *library) of(t testing.TB, s Session) dictionaryPair {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	pair, parsed := l.pairs[s.BeginString]
	if !parsed {
		pair = dictionariesOf(t, s, variation.Variation{})
		l.pairs[s.BeginString] = pair
	}
	return pair
}

func dictionariesOf(t testing.TB, s Session, v variation.Variation) dictionaryPair {
	t.Helper()
	paths, err := WriteDictionaries(t.TempDir(), v)
	if err != nil {
		t.Fatal(err)
	}
	parse := func(name string) *datadictionary.DataDictionary {
		d, err := datadictionary.Parse(paths[name])
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return d
	}
	settings := quickfix.ValidatorSettings{CheckFieldsOutOfOrder: true, RejectInvalidMessage: true, CheckUserDefinedFields: true}
	if s.fix44() {
		d := parse(FIX44)
		return dictionaryPair{d, d, quickfix.NewValidator(settings, d, nil)}
	}
	app, transport := parse(FIX50SP2), parse(FIXT11)
	return dictionaryPair{transport, app, quickfix.NewValidator(settings, app, transport)}
}

// parse reads a message as the engine does.
func (c dictionaryPair) parse(t testing.TB, raw []byte) *quickfix.Message {
	t.Helper()
	m := quickfix.NewMessage()
	if err := quickfix.ParseMessageWithDataDictionary(m, bytes.NewBuffer(raw), c.transport, c.app); err != nil {
		t.Fatalf("parse %q: %v", raw, err)
	}
	return m
}

// receive parses and validates a message that must be sound.
func (c dictionaryPair) receive(t testing.TB, s Session, msgType, body string) *quickfix.Message {
	t.Helper()
	m := c.parse(t, frame(s.BeginString, msgType, s.Provider, 2, noon, body))
	if err := c.validator.Validate(m); err != nil {
		t.Fatalf("%s %s: %v (tag %v)", msgType, body, err, refTag(err))
	}
	return m
}

func refTag(err quickfix.MessageRejectError) int {
	if err == nil || err.RefTagID() == nil {
		return 0
	}
	return int(*err.RefTagID())
}

// readable writes a message's MsgType and body with | for SOH.
func readable(m *quickfix.Message) string {
	raw := strings.ReplaceAll(m.String(), "\x01", "|")
	_, rest, _ := strings.Cut(raw[strings.Index(raw, "35="):], "|")
	body := rest[:strings.LastIndex(rest, "10=")]
	msgType, _ := m.Header.GetString(tagMsgType)
	return msgType + " " + strings.TrimSuffix(body, "|")
}

// sampleMessage parses a sample by its name.
func sampleMessage(t testing.TB, name string) (Session, *quickfix.Message) {
	t.Helper()
	for _, s := range samples() {
		if s.name == name {
			return s.session, loadDictionaries(t, s.session).receive(t, s.session, s.msgType, s.body)
		}
	}
	t.Fatalf("no sample %q", name)
	return Session{}, nil
}
