package dialect

import (
	"strings"
	"testing"
)

// The order of a group's members is the standard's (QuickFIX's FIX50SP2.xml, FIX44.xml; FIX repository), and what our dictionaries
// had once is taken as well.
func TestMembersInTheStandardsOrderAreTaken(t *testing.T) {
	const begin, end = "11=W-9|1=C000900|54=1|55=EUR/USD|555=2|", at + "|38=1000000|40=2|44=1.08|"
	legs := func(near, far string) string {
		return "600=EUR/USD|624=1|" + near + "600=EUR/USD|624=2|" + far
	}
	for name, test := range map[string]struct {
		session Session
		form    string
		body    string
		far     string // rate of the far leg
	}{
		"5.0SP2, QuickFIX": {
			session50, "AB", begin + legs("556=EUR|566=1.08|654=N|587=0|588=20261127|685=1000000|", "556=EUR|566=1.085|654=F|587=B|588=20270226|685=1000000|") + end, "1.085",
		},
		"5.0SP2, QuickFIX, LegQty": {session50, "AB", begin + legs("566=1.08|687=1000000|654=N|588=20261127|", "566=1.085|687=1000000|654=F|588=20270226|") + end, "1.085"},
		"5.0SP2, repository":       {session50, "AB", begin + legs("654=N|566=1.08|587=0|588=20261127|685=1000000|", "654=F|566=1.085|588=20270226|685=1000000|") + end, "1.085"},
		"5.0SP2, as it was":        {session50, "AB", begin + legs("685=1000000|654=N|566=1.08|587=0|588=20261127|", "685=1000000|654=F|566=1.085|588=20270226|") + end, "1.085"},
		"5.0SP2, points":           {session50, "AB", begin + legs("587=0|588=20261127|685=1000000|", "588=20270226|685=1000000|") + end + "1069=0.004|", "1.084"},
		"5.0SP2, negative points":  {session50, "AB", begin + legs("587=0|588=20261127|685=1000000|", "588=20270226|685=1000000|") + end + "1069=-0.004|", "1.076"},
		"4.4":                      {session44, "AB", begin + legs("687=1000000|654=N|566=1.08|587=0|588=20261127|", "687=1000000|654=F|566=1.085|588=20270226|") + end, "1.085"},
		"4.4, points":              {session44, "AB", begin + legs("687=1000000|588=20261127|", "687=1000000|588=20270226|") + end + "1069=0.004|", "1.084"},
		"side, 5.0SP2":             {session50, "AE", "571=R-9|55=EUR/USD|32=1|31=1.08|" + at + "|552=1|54=1|1=C000900|37=NONE|11=x|", ""},
		"side, 5.0SP2, as it was":  {session50, "AE", "571=R-9|55=EUR/USD|32=1|31=1.08|" + at + "|552=1|54=1|37=NONE|11=x|1=C000900|", ""},
		"side, 4.4":                {session44, "AE", "571=R-9|570=N|75=20261124|55=EUR/USD|32=1|31=1.08|" + at + "|552=1|54=1|37=NONE|11=x|1=C000900|15=EUR|", ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := loadDictionaries(t, test.session).receive(t, test.session, test.form, test.body)
			in, reject := New(Settings{}).ToEvent(test.session, always("e"), noon, m)
			if reject != nil {
				t.Fatalf("%v (tag %d)", reject, refTag(reject))
			}
			var got TradeRequested
			if err := in.Event.Read(&got); err != nil {
				t.Fatal(err)
			}
			if legs := got.Request.Legs; test.far != "" && (len(legs) != 2 || legs[0].Rate != "1.08" || legs[1].Rate != test.far || legs[1].Amount != "1000000") {
				t.Errorf("%+v", legs)
			}
			if got.Request.Client != "C000900" {
				t.Errorf("client %q", got.Request.Client)
			}
		})
	}
}

// The published dictionaries name each member once: other engines read them.
func TestPublishedDictionariesHaveEachMemberOnce(t *testing.T) {
	for _, name := range []string{FIX44, FIX50SP2} {
		for _, m := range readSpec(t, name).Messages {
			for _, p := range m.Parts {
				seen := map[string]bool{}
				for _, member := range p.Parts {
					if seen[member.Name] {
						t.Errorf("%s %s: %s twice", name, p.Name, member.Name)
					}
					seen[member.Name] = true
				}
			}
		}
		raw, err := dictionaries.ReadFile("dictionary/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(tolerant(raw)); name == FIX44 && got != string(raw) || name == FIX50SP2 && strings.Count(got, "\n") != strings.Count(string(raw), "\n")+4 {
			t.Errorf("%s: the engine gets another dictionary than meant", name)
		}
	}
}
