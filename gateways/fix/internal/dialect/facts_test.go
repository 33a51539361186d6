package dialect

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A report is a fact: what it says beside amounts and rates reaches the core as it says it.
func TestAReportBringsItsFacts(t *testing.T) {
	const at, client = "60=20261124-12:00:00.000|", "552=1|54=1|37=NONE|1=C000900|"
	cases := []struct {
		name    string
		session Session
		body    string
		facts   Facts
		legs    []Leg
	}{
		{
			"forward 4.4", session44,
			"571=R|570=N|55=EUR/USD|32=1000000|31=1.150713|194=1.1487|195=0.002013|75=20261123|" + at + "64=20261228|" + client + "15=EUR|119=1150713|",
			Facts{ReportedTradeDate: "2026-11-23", SpotRate: "1.1487"},
			[]Leg{{Side: "buy", Amount: "1000000", Rate: "1.150713", ValueDate: "2026-12-28", OtherAmount: "1150713", ForwardPoints: "0.002013"}},
		},
		{
			"forward 5.0", session50,
			"571=R|15=EUR|55=EUR/USD|32=1000000|31=1.150713|194=1.1487|195=0.002013|1056=1150713.00|" + at + "64=20261228|" + client,
			Facts{SpotRate: "1.1487"},
			[]Leg{{Side: "buy", Amount: "1000000", Rate: "1.150713", ValueDate: "2026-12-28", OtherAmount: "1150713", ForwardPoints: "0.002013"}},
		},
		{
			"swap 5.0, its far rate by points", session50,
			"571=R|15=EUR|55=EUR/USD|32=1000000|31=1.15|1071=-0.002|" +
				"555=2|600=EUR/USD|587=0|1073=0|1074=1150000|600=EUR/USD|588=20261228|1073=-0.002|1074=1148000|" + at + client,
			Facts{SwapPoints: "-0.002"},
			[]Leg{
				{Side: "buy", Amount: "1000000", Rate: "1.15", Tenor: "SPOT", OtherAmount: "1150000", ForwardPoints: "0"},
				{Side: "sell", Amount: "1000000", Rate: "1.148", ValueDate: "2026-12-28", OtherAmount: "1148000", ForwardPoints: "-0.002"},
			},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := readTrade(t, c.session, "AE", c.body)
			if diff := cmp.Diff(c.facts, got.Facts); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.legs, got.Legs); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Today and tomorrow are the spot date of some pairs, so an order may call them spot; the core knows the pair's.
func TestTodayAndTomorrowMayBeSpot(t *testing.T) {
	const order = "11=X|1=C1|55=USD/CAD|54=1|60=20261124-12:00:00.000|38=1000|40=2|44=1.39|15=USD|"
	for _, c := range []struct{ settlement, product string }{
		{"63=2|", ProductForward},
		{"63=1|", ProductForward},
		{"63=2|167=FXSPOT|", ProductSpot},
		{"63=1|167=FXSPOT|", ProductSpot},
		{"63=2|167=FXFWD|", ProductForward},
	} {
		if got := readTrade(t, session44, "D", order+c.settlement); got.Product != c.product {
			t.Errorf("%s: %s, want %s", c.settlement, got.Product, c.product)
		}
	}
}

// Case 6 of the field: a report (AE) with 63=2, and orders with 63=1 and 63=2. Each is an outright, unless the core knows the date
// as the pair's spot.
func TestReportsAndOrdersForTodayAndTomorrowAreOutrights(t *testing.T) {
	const at, client = "60=20261124-12:00:00.000|", "552=1|54=1|37=NONE|1=C000900|"
	const order = "11=X|1=C000900|55=EUR/USD|54=1|" + at + "38=1000000|40=2|44=1.08432|15=EUR|"
	report := map[string]string{
		session44.Provider: "571=R|570=N|55=EUR/USD|32=1000000|31=1.08432|75=20261124|" + at + client + "15=EUR|",
		session50.Provider: "571=R|15=EUR|55=EUR/USD|32=1000000|31=1.08432|" + at + client,
	}
	for _, s := range []Session{session44, session50} {
		for _, c := range []struct{ form, body, settlement, tenor string }{
			{"AE", report[s.Provider], "63=2|", "TOM"},
			{"AE", report[s.Provider], "63=1|", "TOD"},
			{"D", order, "63=2|", "TOM"},
			{"D", order, "63=1|", "TOD"},
		} {
			got := readTrade(t, s, c.form, c.settlement+c.body)
			if got.Product != ProductForward || got.Legs[0].Tenor != c.tenor || got.Legs[0].ValueDate != "" {
				t.Errorf("%s, %s %s: a %s for %+v", s.Provider, c.form, c.settlement, got.Product, got.Legs[0])
			}
		}
	}
}

// SettlDate(64) stands above SettlType(63): beside 63=0 it decides, unless SecurityType(167) states the product. What no pair's
// settlement can fit is refused in a request and in a check, and passed on in a report, which is a fact.
func TestADateStandsAboveATenor(t *testing.T) {
	const at, client = "60=20261124-12:00:00.000|", "552=1|54=1|37=NONE|1=C000900|"
	const party = "453=1|448=C000900|447=D|452=3|"
	const order = "11=X|1=C000900|55=EUR/USD|54=1|" + at + "38=1000000|40=2|44=1.08432|15=EUR|"
	const reserve = "2318=L|2320=0|2321=0|2324=1000000|15=EUR|" + party + "55=EUR/USD|54=1|" + at
	reports := map[string]string{
		session44.Provider: "571=R|570=N|55=EUR/USD|32=1000000|31=1.08432|75=20261124|" + at + client + "15=EUR|",
		session50.Provider: "571=R|15=EUR|55=EUR/USD|32=1000000|31=1.08432|" + at + client,
	}
	for _, s := range []Session{session44, session50} {
		check := map[bool]string{true: "UDF", false: "DF"}[s.fix44()]
		for _, c := range []struct {
			stated, product string
			decides         bool
			refused         bool // but in a report
		}{
			{"63=0|64=20261216|", ProductSpot, true, false},
			{"64=20261216|", ProductForward, false, false},
			{"63=M1|64=20261216|", ProductForward, false, false},
			{"63=0|", ProductSpot, false, false},
			{"63=0|64=20261216|167=FXSPOT|", ProductSpot, false, false},
			{"63=M1|64=20261126|167=FXSPOT|", ProductSpot, false, false},
			{"63=0|64=20261216|167=FXFWD|", ProductForward, false, false},
			{"63=M1|167=FXSPOT|", ProductSpot, false, true},
			{"63=0|167=FXFWD|", ProductForward, false, true},
		} {
			if got := readTrade(t, s, "AE", c.stated+reports[s.Provider]); got.Product != c.product || got.DateDecides != c.decides {
				t.Errorf("%s, report of %s: %s, the date decides: %v", s.Provider, c.stated, got.Product, got.DateDecides)
			}
			if c.refused {
				for form, body := range map[string]string{"D": order, check: reserve} {
					m := loadDictionaries(t, s).receive(t, s, form, body+c.stated)
					if _, reject := New(Settings{}).ToEvent(s, always("e"), noon, m); reject == nil || refTag(reject) != 167 {
						t.Errorf("%s, %s of %s: %v", s.Provider, form, c.stated, reject)
					}
				}
				continue
			}
			if got := readTrade(t, s, "D", c.stated+order); got.Product != c.product || got.DateDecides != c.decides {
				t.Errorf("%s, order of %s: %s, the date decides: %v", s.Provider, c.stated, got.Product, got.DateDecides)
			}
			if got := readCheck(t, s, check, reserve+c.stated); got.Product != c.product || got.DateDecides != c.decides {
				t.Errorf("%s, check of %s: %s, the date decides: %v", s.Provider, c.stated, got.Product, got.DateDecides)
			}
		}
	}
}
