package dialect

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/gateways/fix/internal/variation"
	"fxcore/lambda/event"
	"fxcore/services/contract"
)

func compact() variation.Variation { return variation.Named()["compact"] }

// inCompact writes a message of the standard dialect as the compact one has it, field by field.
func inCompact(msgType, body string) (string, string) {
	tenors := map[string]string{}
	for theirs, ours := range compact().Tenors {
		tenors[ours] = theirs
	}
	types := map[string]string{"UDF": "U1", "UDG": "U2"}
	fields := strings.Split(body, "|")
	for i, f := range fields {
		tag, value, _ := strings.Cut(f, "=")
		switch tag {
		case "1":
			fields[i] = "20001=" + value
		case "55", "600":
			fields[i] = tag + "=" + strings.Replace(value, "/", "", 1)
		case "63", "587":
			fields[i] = tag + "=" + tenors[value]
		}
	}
	if other, differs := types[msgType]; differs {
		msgType = other
	}
	return msgType, strings.Join(fields, "|")
}

func compactDictionaries(t *testing.T, s Session) dictionaryPair {
	t.Helper()
	return dictionariesOf(t, s, compact())
}

// What a provider asks in its own notation is, to the core, what it asks in the standard one.
func TestADialectSaysTheSame(t *testing.T) {
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			want, refusal := New(Settings{}).ToEvent(s.session, always("id"), noon, loadDictionaries(t, s.session).receive(t, s.session, s.msgType, s.body))
			if refusal != nil {
				t.Fatal(refusal)
			}
			msgType, body := inCompact(s.msgType, s.body)
			got, refusal := New(Settings{Variation: compact()}).ToEvent(s.session, always("id"), noon, compactDictionaries(t, s.session).receive(t, s.session, msgType, body))
			if refusal != nil {
				t.Fatalf("%s %s: %v", msgType, body, refusal)
			}
			if diff := cmp.Diff(string(want.Event.Data), string(got.Event.Data)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Each answer is the one with extensions in the provider's notation, groups included, and sound by its dictionary.
func TestADialectAnswersInItsOwnNotation(t *testing.T) {
	for _, c := range []struct {
		name     string
		event    event.Type
		sections string
	}{
		{"spot 4.4", contract.TradeRegistered, spotSections},
		{"spot 5.0", contract.TradeRegistered, spotSections},
		{"forward by tenor 4.4", contract.TradeRegistered, yenSections},
		{"swap by legs 4.4", contract.TradeRegistered, swapSections},
		{"swap by legs 5.0", contract.TradeRegistered, swapSections},
		{"forward by date, client as party 4.4", contract.TradeRejected, overLine},
		{"report 4.4", contract.TradeRegistered, spotSections},
		{"cancel UDF", contract.LineCheckCompleted, `"result":{"decision":"cancelled"}`},
		{"reserve DF", contract.LineCheckRejected, `"rejected":{"code":"line_exceeded","text":"too much","nodes":[{"node":"client/C000900","limit":"1000","before":"900","after":"1100"}]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, e := decided(t, c.name, c.event, c.sections)
			plain, err := extended().FromEvent(s, e)
			if err != nil {
				t.Fatal(err)
			}
			answer, err := New(Settings{Variation: compact()}).FromEvent(s, e)
			if err != nil {
				t.Fatal(err)
			}
			msgType, body, _ := strings.Cut(readable(plain), " ")
			msgType, body = inCompact(msgType, body)
			if diff := cmp.Diff(msgType+" "+body, readable(answer)); diff != "" {
				t.Error(diff)
			}
			compactDictionaries(t, s).receive(t, s, msgType, body+"|")
		})
	}
}

func TestADialectWithoutPendingAnswersHasNone(t *testing.T) {
	s, m := sampleMessage(t, "spot 4.4")
	in, _ := New(Settings{}).ToEvent(s, always("id"), noon, m)
	if _, some := New(Settings{Variation: compact()}).Pending(s, in.Event); some {
		t.Error("there is one")
	}
}

// A refusal names the tag that the provider knows, and a notation that was not agreed is refused.
func TestRefusalsInADialect(t *testing.T) {
	for name, c := range map[string]struct {
		change [2]string
		tag    int
		says   string
	}{
		"no account":           {[2]string{"20001=C000900|", ""}, 20001, "tag 20001 missing"},
		"account too long":     {[2]string{"20001=C000900", "20001=" + strings.Repeat("C", 40)}, 20001, "too long"},
		"standard pair":        {[2]string{"55=EURUSD", "55=EUR/USD"}, 55, "notation"},
		"standard tenor":       {[2]string{"63=SP", "63=0"}, 63, "notation"},
		"a tenor of no notion": {[2]string{"63=SP", "63=X"}, 63, "notation"},
	} {
		t.Run(name, func(t *testing.T) {
			good := "11=S-1|20001=C000900|63=SP|55=EURUSD|54=1|" + at + "|38=1000000|40=D|44=1.08432|15=EUR|"
			m := compactDictionaries(t, session44).receive(t, session44, "D", strings.Replace(good, c.change[0], c.change[1], 1))
			_, refusal := New(Settings{Variation: compact()}).ToEvent(session44, always("id"), noon, m)
			if refusal == nil || refTag(refusal) != c.tag || !strings.Contains(refusal.Error(), c.says) {
				t.Errorf("%v, tag %d", refusal, refTag(refusal))
			}
		})
	}
}
