package dialect

import (
	"strings"
	"testing"
)

// A request that says the same thing twice must say the same. Which one is meant does not follow from the order of the fields.
func TestARequestThatContradictsItselfIsRefused(t *testing.T) {
	const two = "453=2|448=C000900|447=D|452=3|448=C000901|447=D|452=3|"
	order := "11=S-9|" + two + "55=EUR/USD|54=1|" + at + "|38=1000000|40=2|44=1.08|"
	swap := func(side, legs string) string {
		return "11=W-9|1=C000900|54=" + side + "|55=EUR/USD|555=2|" + legs + at + "|38=1000000|40=2|44=1.08|1069=0.001|"
	}
	report50 := "571=R-9|15=USD|55=EUR/USD|32=1|31=1.08|" + at + "|552=1|54=1|1=C000900|"
	reserve := "2318=L-9|2320=0|2321=0|2324=1000000|15=EUR|453=1|448=C000900|447=D|452=3|55=EUR/USD|541=20261230|64=20261231|54=1|" + at + "|"
	for name, test := range map[string]struct {
		session Session
		form    string
		body    string
		tag     int
	}{
		"two clients in an order, 4.4":    {session44, "D", order, 448},
		"two clients in an order, 5.0SP2": {session50, "D", order, 448},
		"two clients in a swap":           {session44, "AB", strings.Replace(swap("1", "600=EUR/USD|588=20261127|600=EUR/USD|588=20270226|"), "1=C000900|", two, 1), 448},
		"two clients in a check, 4.4":     {session44, "UDF", strings.Replace(strings.Replace(reserve, "453=1|448=C000900|447=D|452=3|", two, 1), "541=20261230|", "", 1), 448},
		"two clients in a check, 5.0SP2":  {session50, "DF", strings.Replace(strings.Replace(reserve, "453=1|448=C000900|447=D|452=3|", two, 1), "541=20261230|", "", 1), 448},
		"two sides of the near leg":       {session44, "AB", swap("1", "600=EUR/USD|624=2|588=20261127|600=EUR/USD|624=1|588=20270226|"), 624},
		"two sides of a reported leg": {
			session50, "AE", strings.Replace(report50, at, "555=2|600=EUR/USD|624=2|588=20261127|637=1.08|600=EUR/USD|624=1|588=20270226|637=1.09|"+at, 1), 624,
		},
		"two dates of a check":           {session50, "DF", reserve, 541},
		"two dates of a check, 4.4":      {session44, "UDF", reserve, 541},
		"two dates of a reported leg":    {session50, "AE", strings.Replace(report50, at+"|", "555=2|600=EUR/USD|588=20261127|637=1.08|600=EUR/USD|588=20270226|637=1.09|"+at+"|64=20261128|", 1), 588},
		"two amounts of a leg":           {session50, "AB", swap("1", "600=EUR/USD|687=1000000|588=20261127|685=2000000|600=EUR/USD|588=20270226|"), 687},
		"two currencies of a 4.4 report": {session44, "AE", "571=R-9|570=N|75=20261124|55=EUR/USD|32=1|31=1.08|" + at + "|552=1|54=1|37=NONE|1=C000900|15=EUR|", 0},
	} {
		t.Run(name, func(t *testing.T) {
			m := loadDictionaries(t, test.session).receive(t, test.session, test.form, test.body)
			_, reject := New(Settings{}).ToEvent(test.session, always("e"), noon, m)
			if test.tag == 0 {
				if reject != nil {
					t.Errorf("refused: %v", reject)
				}
				return
			}
			if reject == nil || reject.IsBusinessReject() || reject.RejectReason() != sessionValueIncorrect || refTag(reject) != test.tag {
				t.Errorf("%v, tag %d; want 373=5, tag %d", reject, refTag(reject), test.tag)
			}
		})
	}
}

// The same client twice is one client.
func TestAClientNamedTwiceIsOneClient(t *testing.T) {
	m := loadDictionaries(t, session44).receive(t, session44, "D",
		"11=S-9|453=2|448=C000900|447=D|452=3|448=C000900|447=B|452=3|55=EUR/USD|54=1|"+at+"|38=1000000|40=2|44=1.08|")
	if _, reject := New(Settings{}).ToEvent(session44, always("e"), noon, m); reject != nil {
		t.Error(reject)
	}
}

// The core is never asked about a currency that the provider has not sent: the symbol is blamed, or its first currency is meant.
func TestWithoutACurrencyTheSymbolIsBlamed(t *testing.T) {
	for symbol, want := range map[string]string{"EUR/USD": "EUR", "EURUSD": "EUR", "EUR-USD": "EUR", "eurusd": "", "X": "", "1234567": ""} {
		m := loadDictionaries(t, session44).receive(t, session44, "D", "11=S-9|1=C000900|55="+symbol+"|54=1|"+at+"|38=1000000|40=2|44=1.08|")
		in, reject := New(Settings{}).ToEvent(session44, always("e"), noon, m)
		if want == "" {
			if reject == nil || refTag(reject) != 55 || !strings.Contains(reject.Error(), symbol) {
				t.Errorf("%s: %v", symbol, reject)
			}
			continue
		}
		if reject != nil {
			t.Errorf("%s: %v", symbol, reject)
			continue
		}
		var got TradeRequested
		if err := in.Event.Read(&got); err != nil || got.Request.Currency != want || got.Request.Pair != symbol {
			t.Errorf("%s: %+v, error %v", symbol, got.Request, err)
		}
	}
}
