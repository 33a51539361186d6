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
	done50 := "571=R-9|15=EUR|55=EUR/USD|32=1000|31=1.14712|1056=1147.12|195=0.0001|" + at + "|64=20261228|552=1|54=1|1=C000900|"
	legs50 := "555=2|600=EUR/USD|588=20261127|637=1.14712|1073=0.0001|1074=1147.12|600=EUR/USD|588=20270226|637=1.15|" + at
	swap50 := strings.Replace(strings.Replace(done50, at, legs50, 1), "64=20261228|", "", 1)
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
		"two dates of a check":                     {session50, "DF", reserve, 541},
		"two dates of a check, 4.4":                {session44, "UDF", reserve, 541},
		"two dates of a reported leg":              {session50, "AE", strings.Replace(report50, at+"|", "555=2|600=EUR/USD|588=20261127|637=1.08|600=EUR/USD|588=20270226|637=1.09|"+at+"|64=20261128|", 1), 588},
		"two amounts of a leg":                     {session50, "AB", swap("1", "600=EUR/USD|687=1000000|588=20261127|685=2000000|600=EUR/USD|588=20270226|"), 687},
		"points that are not the far rate's":       {session50, "AB", swap("1", "600=EUR/USD|588=20261127|600=EUR/USD|566=1.09|588=20270226|"), 1069},
		"points that are, but for rounding":        {session44, "AB", swap("1", "600=EUR/USD|566=1.08004|588=20261127|600=EUR/USD|566=1.081|588=20270226|"), 0},
		"the same other amount twice":              {session50, "AE", done50 + "119=1147.120|", 0},
		"two other amounts of a report":            {session50, "AE", done50 + "119=9999.99|", 119},
		"an other amount that is none beside one":  {session50, "AE", done50 + "119=0|", 119},
		"the same other amount of message and leg": {session50, "AE", swap50, 0},
		"two other amounts of a reported leg":      {session50, "AE", strings.Replace(swap50, "1056=1147.12", "1056=147.12", 1), 1074},
		"its side's other amount and a leg's":      {session50, "AE", strings.Replace(swap50, "1056=1147.12|", "", 1) + "119=147.12|", 1074},
		"two forward points of a reported leg":     {session50, "AE", strings.Replace(swap50, "195=0.0001", "195=0.0002", 1), 1073},
		"two currencies of a 4.4 report":           {session44, "AE", "571=R-9|570=N|75=20261124|55=EUR/USD|32=1|31=1.08|" + at + "|552=1|54=1|37=NONE|1=C000900|15=EUR|", 0},
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
