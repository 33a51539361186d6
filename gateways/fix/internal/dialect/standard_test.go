package dialect

import (
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/quickfixgo/quickfix"
	"github.com/quickfixgo/quickfix/datadictionary"

	"fxcore/gateways/fix/internal/variation"
	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/reason"
)

// standardDictionaries reads the dictionaries that QuickFIX ships.
func standardDictionaries(t testing.TB, s Session) dictionaryPair {
	t.Helper()
	folder, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/quickfixgo/quickfix").Output()
	if err != nil {
		t.Fatal(err)
	}
	parse := func(name string) *datadictionary.DataDictionary {
		d, err := datadictionary.Parse(filepath.Join(strings.TrimSpace(string(folder)), "spec", name))
		if err != nil {
			t.Fatal(err)
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

// refusedBy returns why an engine with these dictionaries refuses an answer; empty if it takes it.
func (c dictionaryPair) refusedBy(t testing.TB, s Session, m *quickfix.Message) string {
	t.Helper()
	raw := m.String()
	inner := raw[strings.Index(raw, "35="):strings.LastIndex(raw, "10=")]
	msgType, body, _ := strings.Cut(strings.TrimPrefix(inner, "35="), "\x01")
	parsed := c.parse(t, frame(s.BeginString, msgType, s.Provider, 2, noon, body))
	if err := c.validator.Validate(parsed); err != nil {
		return readable(parsed) + ": " + err.Error() + ", tag " + strconv.Itoa(refTag(err))
	}
	for _, field := range strings.Split(body, "\x01") { // quickfix takes any text for a CHAR; other engines do not
		if value, is := strings.CutPrefix(field, "587="); is && len(value) != 1 {
			return readable(parsed) + ": 587 is no CHAR"
		}
	}
	return ""
}

// allAnswers are the answers to each sample request: pending, accepted, rejected for each reason, and a duplicate.
func allAnswers(t *testing.T, d *Dialect) map[Session][]*quickfix.Message {
	t.Helper()
	all := map[Session][]*quickfix.Message{}
	for _, request := range samples() {
		s := request.session
		ends := func(typ event.Type, sections string) event.Event {
			_, e := decided(t, request.name, typ, sections)
			return e
		}
		add := func(m *quickfix.Message, err error) {
			if err != nil {
				t.Fatalf("%s: %v", request.name, err)
			}
			all[s] = append(all[s], m)
		}
		good, bad, sections := contract.TradeRegistered, contract.TradeRejected, spotSections
		switch {
		case strings.Contains(request.name, "swap"):
			sections = swapSections
		case request.msgType == formCheck || request.msgType == formCheck44:
			good, bad, sections = contract.LineCheckCompleted, contract.LineCheckRejected, `"result":{"decision":"approved","approved_amount":"1","expires_at":"2026-11-24T12:05:00Z"}`
		}
		accepted := ends(good, sections)
		add(d.FromEvent(s, accepted))
		final := all[s][len(all[s])-1]
		if pending, has := d.Pending(s, event.Event{Type: contract.TradeRequested, ID: "p", Correlation: accepted.Correlation, Data: accepted.Data}); has {
			add(pending, nil)
		}
		for _, code := range append(reason.All(), "a code to come") {
			add(d.FromEvent(s, ends(bad, `"rejected":{"code":"`+string(code)+`","text":"why"}`)))
		}
		duplicate := ends(bad, usedBefore)
		add(d.Clash(s, duplicate, Standing{}))
		msgType, _ := final.MsgType()
		_, body, _ := strings.Cut(readable(final), " ")
		add(d.Clash(s, duplicate, Standing{msgType, []byte(strings.ReplaceAll(body, "|", "\x01") + "\x01")}))
	}
	return all
}

// What the gateway answers by default is the standard's: an engine with QuickFIX's own dictionaries and validation takes it. The
// line check's answers are additions: UDG is agreed for 4.4, and DG is newer than QuickFIX's FIX50SP2.xml.
func TestAnswersAreTheStandardsUnlessAgreed(t *testing.T) {
	for s, answers := range allAnswers(t, New(Settings{})) {
		standard, ours := standardDictionaries(t, s), loadDictionaries(t, s)
		checked := 0
		for _, m := range answers {
			if why := ours.refusedBy(t, s, m); why != "" {
				t.Errorf("by our dictionary: %s", why)
			}
			if msgType, _ := m.MsgType(); msgType == formCheckAck || msgType == formCheckAck44 {
				continue
			}
			checked++
			if why := standard.refusedBy(t, s, m); why != "" {
				t.Errorf("%s: %s", s.BeginString, why)
			}
		}
		if checked < 100 {
			t.Errorf("%s: %d answers", s.BeginString, checked)
		}
	}
}

// What stands in place of the extensions.
func TestAnswersWithoutExtensions(t *testing.T) {
	over := strings.Replace(overLine, "line_exceeded", "size_exceeded", 1)
	for name, test := range map[string]struct {
		event    event.Type
		sections string
		want     string
	}{
		"spot 4.4":                             {contract.TradeRegistered, spotSections, "|63=0|64=20261127|167=FOR|"},
		"spot 5.0":                             {contract.TradeRegistered, spotSections, "|63=0|64=20261127|167=FXSPOT|"},
		"forward by tenor 4.4":                 {contract.TradeRegistered, yenSections, "|63=6|64=20270226|167=FOR|"},
		"forward by tenor 5.0":                 {contract.TradeRegistered, yenSections, "|63=B|64=20270226|167=FXFWD|"},
		"forward by date, client as party 4.4": {contract.TradeRejected, over, "|103=3|"},
		"forward by date, client as party 5.0": {contract.TradeRejected, over, "|63=B|103=3|"},
		"swap as one order":                    {contract.TradeRegistered, swapSections, "|64=20261127|167=FOR|192=900000|193=20270226|641=-0.0009|"},
		"swap by legs 4.4":                     {contract.TradeRegistered, swapSections, "|167=FOR|587=0|588=20261127|587=6|588=20270226|"},
		"swap by legs 5.0":                     {contract.TradeRegistered, swapSections, "|167=FXSWAP|587=0|588=20261127|587=B|588=20270226|"},
		"report 5.0":                           {contract.TradeRejected, over, "|751=99|"},
	} {
		t.Run(name, func(t *testing.T) {
			s, e := decided(t, name, test.event, test.sections)
			m, err := New(Settings{}).FromEvent(s, e)
			if err != nil {
				t.Fatal(err)
			}
			got := "|"
			for _, field := range strings.Split(readable(m), "|") {
				switch tag, _, _ := strings.Cut(field, "="); tag {
				case "63", "64", "103", "167", "192", "193", "587", "588", "640", "641", "751":
					got += field + "|"
				}
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// With extensions, answers have what foreign exchange has beyond the standard.
func TestAnswersHaveMoreWhereAgreed(t *testing.T) {
	d := New(Settings{Variation: variation.Named()["extended"]})
	want := map[string][]string{
		quickfix.BeginStringFIX44:  {"|167=FXSPOT|", "|167=FXFWD|", "|167=FXSWAP|", "|63=M3|", "|63=B|", "|587=M1|", "|640=1.0791|"},
		quickfix.BeginStringFIXT11: {"|63=M3|", "|587=M1|", "|103=27|", "|103=25|", "|751=7|"},
	}
	for s, answers := range allAnswers(t, d) {
		var all strings.Builder
		for _, m := range answers {
			all.WriteString("|" + readable(m) + "|")
		}
		for _, part := range want[s.BeginString] {
			if !strings.Contains(all.String(), part) {
				t.Errorf("%s: no %s", s.BeginString, part)
			}
		}
	}
}
