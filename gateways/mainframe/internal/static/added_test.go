package static

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/internal/hosttest"
	"fxcore/gateways/mainframe/internal/records"
)

// Bytes that a host of the release before does not send at the end of a row.
const (
	pairGrew  = 7 + 4
	quoteGrew = 20 + 26
)

// A field that the host does not send, or leaves empty, is not in the record: readers then do as before it was added.
func TestWhatTheHostDoesNotSendIsAbsent(t *testing.T) {
	l := layouts(t)
	pair := records.Pair{Name: "EUR/USD", PointsFactor: 10000}
	offer := records.Quote{ID: "Q1", Pair: "EUR/USD", Side: "buy", ValidUntil: since}
	whole, quote := row(l.Pair, pair), row(l.Quote, offer)
	for name, c := range map[string]struct {
		set, id string
		row     []byte
	}{
		"a pair of the release before":  {"pairs", "EUR/USD", whole[:len(whole)-pairGrew]},
		"a pair without it":             {"pairs", "EUR/USD", whole},
		"a quote of the release before": {"quotes", "Q1", quote[:len(quote)-quoteGrew]},
		"a quote to nobody":             {"quotes", "Q1", quote},
	} {
		s := filled(t, l, c.set, c.row)
		text, err := json.Marshal(s.whole()[c.id])
		if err != nil || s.damage.bad > 0 || string(text) == "null" {
			t.Errorf("%s: %s, %v, %s", name, text, err, s.damage.String())
		}
		if strings.Contains(string(text), "points_spread") || strings.Contains(string(text), "client_band") || strings.Contains(string(text), "published_at") || strings.Contains(string(text), "ALPHA") {
			t.Errorf("%s has it: %s", name, text)
		}
	}
	pair.PointsSpread, pair.ClientBand = decimal.NewNullDecimal(decimal.RequireFromString("0.00004")), decimal.NewNullDecimal(decimal.Zero)
	text, err := json.Marshal(filled(t, l, "pairs", row(l.Pair, pair)).whole()["EUR/USD"])
	if err != nil || !strings.Contains(string(text), `"points_spread":"0.00004","client_band":"0"`) {
		t.Errorf("%s, %v", text, err)
	}
}

// The bank publishes some quotes to one provider. Every quote says when it was published.
func TestAQuoteSaysToWhomAndWhenItWasPublished(t *testing.T) {
	all, _ := fetch(t, deliverer(t, hosttest.Start(t).Addr), "quotes")
	byProvider := map[string]int{}
	for id, record := range all {
		var q quote
		if err := json.Unmarshal(record, &q); err != nil {
			t.Fatal(err)
		}
		if q.Published.IsZero() || q.ValidUntil.Sub(q.Published) != 3*time.Minute || strings.HasPrefix(id, "ALPHA-") != (q.Provider == "ALPHA") {
			t.Errorf("%s", record)
		}
		byProvider[q.Provider]++
	}
	if len(byProvider) != 2 || byProvider["ALPHA"] == 0 || byProvider["*"] == 0 {
		t.Errorf("quotes by provider: %v", byProvider)
	}
}
