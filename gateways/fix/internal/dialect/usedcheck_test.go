package dialect

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/gateways/internal/story"
	"fxcore/services/contract"
)

// A trade names the line check that it uses by our id or by its own reference, in every form.
func TestATradeNamesTheCheckThatItUses(t *testing.T) {
	const id = "4b1f0c9a-0000-8000-8000-000000000001"
	for _, s := range []Session{session44, session50} {
		byReference := contract.CheckID(s.Provider, "L-1", "2026-11-24")
		for rule, c := range map[string]struct {
			tags string
			want *story.UsedCheck
		}{
			"none":                       {"", nil},
			"our id":                     {"2334=" + id + "|2335=1|", &story.UsedCheck{CheckID: id}},
			"our id, if nothing is said": {"2334=" + id + "|", &story.UsedCheck{CheckID: id}},
			"the reference":              {"2334=L-1|2335=0|", &story.UsedCheck{CheckID: byReference, Reference: "L-1"}},
			"the rest becomes free":      {"2334=L-1|2335=0|2323=0|", &story.UsedCheck{CheckID: byReference, Reference: "L-1", Rest: story.RestFree}},
			"the rest stays":             {"2334=L-1|2335=0|2323=1|", &story.UsedCheck{CheckID: byReference, Reference: "L-1", Rest: story.RestKeep}},
		} {
			for _, form := range formsOf(s) {
				got := readTrade(t, s, form.msgType, form.with(c.tags))
				if diff := cmp.Diff(c.want, got.LineCheck); diff != "" {
					t.Errorf("%s, %s of %s: %s", rule, form.msgType, s.Provider, diff)
				}
				if plain := readTrade(t, s, form.msgType, form.with("")); (plain.Digest == got.Digest) != (c.want == nil) {
					t.Errorf("%s, %s: the same digest as without the check: %v", rule, form.msgType, plain.Digest == got.Digest)
				}
			}
		}
	}
}

// tradeForm is a message of a trade; tags of the used check go where # stands.
type tradeForm struct{ msgType, body string }

func (f tradeForm) with(tags string) string { return strings.Replace(f.body, "#", tags, 1) }

func formsOf(s Session) []tradeForm {
	at, currency := "60=20261124-12:00:00.000|", "15=EUR|"
	report := "571=P-1|32=1|31=1.08|55=EUR/USD|75=20261124|" + currency + at + "64=20261126|552=1|54=1|1=C000900|#"
	if s.fix44() {
		report = "571=P-1|487=0|570=N|55=EUR/USD|32=1|31=1.08|75=20261124|" + at + "64=20261126|552=1|54=1|37=NONE|1=C000900|" + currency + "#"
	}
	return []tradeForm{
		{"D", "11=S-1|1=C000900|63=0|55=EUR/USD|54=1|" + at + "38=1000000|40=2|44=1.08432|" + currency + "#"},
		{"AE", report},
	}
}

func TestWhatACheckSaysAboutAReservationIsPassedOn(t *testing.T) {
	const party, at = "453=1|448=C000900|447=D|452=3|", "60=20261124-12:00:00.000|"
	reserved := contract.CheckID(session50.Provider, "L-1", "2026-11-23")
	done := contract.TradeID(session50.Provider, "R-1", "2026-11-24")
	for rule, c := range map[string]struct {
		body string
		want Check
	}{
		"a part": {"2318=L-2|2319=" + reserved + "|2320=0|2321=1|2324=1000000|15=EUR|", Check{Action: ActionConsume, Amount: "1000000", Currency: "EUR"}},
		"both names of the reservation, of another trade date": {
			"2318=L-2|2319=" + reserved + "|2320=0|2321=1|2322=L-1|", Check{Action: ActionConsume},
		},
		"for a deal, by the reference of its report": {
			"2318=L-2|2319=" + reserved + "|2320=0|2321=1|1080=R-1|1081=0|", Check{Action: ActionConsume, ForTrade: done},
		},
		"for a deal, if nothing is said": {"2318=L-2|2319=" + reserved + "|2320=0|2321=1|1080=R-1|", Check{Action: ActionConsume, ForTrade: done}},
		"for a deal, by our id":          {"2318=L-2|2319=" + reserved + "|2320=0|2321=1|1080=" + done + "|1081=1|", Check{Action: ActionConsume, ForTrade: done}},
		"a cancellation":                 {"2318=L-2|2319=" + reserved + "|2320=1|2321=0|", Check{Action: ActionCancel}},
		"a reversal":                     {"2318=L-2|2319=" + reserved + "|2320=1|2321=1|", Check{Action: ActionReverse}},
		"a reversal for a deal":          {"2318=L-2|2319=" + reserved + "|2320=1|2321=1|1080=R-1|", Check{Action: ActionReverse, ForTrade: done}},
		"pair and side without a date": {
			"2318=L-2|2319=" + reserved + "|2320=1|2321=0|55=EUR/USD|54=2|", Check{Action: ActionCancel, Pair: "EUR/USD", Side: "sell"},
		},
		"pair and date": {
			"2318=L-2|2319=" + reserved + "|2320=1|2321=0|55=EUR/USD|63=M1|", Check{Action: ActionCancel, Pair: "EUR/USD", Tenor: "1M", Product: ProductForward},
		},
	} {
		got := readCheck(t, session50, "DF", c.body+party+at)
		want := Check{
			Action: got.Action, Target: reserved, Client: "C000900", Amount: got.Amount, Currency: got.Currency, Pair: got.Pair, Side: got.Side,
			Tenor: got.Tenor, Product: got.Product, ForTrade: got.ForTrade,
		}
		c.want.Target, c.want.Client = reserved, "C000900"
		if diff := cmp.Diff(c.want, want); diff != "" || got.Target != reserved {
			t.Errorf("%s: %s", rule, diff)
		}
	}
	for name, body := range map[string]string{"consumes": "2320=0|2321=1|", "cancels": "2320=1|2321=0|", "reverses": "2320=1|2321=1|"} {
		for stated, want := range map[string]Check{
			"63=M1|":            {Tenor: "1M"},
			"64=20201203|":      {ValueDate: "2020-12-03"},
			"63=0|64=20261205|": {ValueDate: "2026-12-05"},
			"541=20261203|":     {ValueDate: "2026-12-03"},
		} {
			got := readCheck(t, session50, "DF", "2318=L-2|2319="+reserved+"|"+body+stated+party+at)
			if got.TargetReference != "" {
				t.Errorf("%s by the id, as %q", name, got.TargetReference)
			}
			if got.Tenor != want.Tenor || got.ValueDate != want.ValueDate || got.Pair != "" {
				t.Errorf("%s and states %s without a pair: tenor %q, value date %q", name, stated, got.Tenor, got.ValueDate)
			}
		}
	}
	named := readCheck(t, session50, "DF", "2318=L-2|2322=L-1|2320=0|2321=1|1080=R-1|"+party+at)
	if named.TargetReference != "L-1" || named.ForTradeReference != "R-1" {
		t.Errorf("named by references: %+v", named)
	}
	m := loadDictionaries(t, session50).receive(t, session50, "DF", "2318=L-2|2319="+reserved+"|2320=0|2321=1|2322=L-9|"+party+at)
	if _, reject := New(Settings{}).ToEvent(session50, always("e"), noon, m); reject == nil || refTag(reject) != 2322 {
		t.Errorf("2322 names another reservation than 2319: %v", reject)
	}
}
