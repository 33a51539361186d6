package authorization_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"fxcore/services/auth/internal/authorization"
	"fxcore/services/contract/reason"
)

var now = time.Date(2026, 11, 20, 15, 4, 5, 0, time.UTC)

// allowed returns a request that every rule allows on the data of directory. Each test case changes one thing.
func allowed() authorization.Request {
	return authorization.Request{
		Provider: "SANDBOX44", Client: "C000900", Product: "spot", Pair: "EUR/USD",
		Currency: "EUR", Amount: dec("1000000"),
	}
}

func directory() authorization.Directory {
	return authorization.Directory{
		Providers: fresh(map[string]authorization.Provider{
			"SANDBOX44": {
				Status: "active", Clients: []string{"C000900", "C000902"}, Products: []string{"spot", "forward"},
				Pairs: []string{"EUR/USD", "GBP/USD"}, MaxAmountUSD: dec("5000000"),
			},
			"OPEN":    {Status: "active", Clients: []string{"*"}, Products: []string{"*"}, Pairs: []string{"*"}, MaxAmountUSD: dec("1e9")},
			"STOPPED": {Status: "blocked", Clients: []string{"*"}, Products: []string{"*"}, Pairs: []string{"*"}},
			"EMPTY":   {Status: "active"},
		}),
		Clients: fresh(map[string]authorization.Client{
			"C000001": {Group: "G0001", Desk: "FXS1", Status: "active"},
			"C000900": {Name: "Sandbox", Group: "G0020", Desk: "FXS4", Status: "active"},
			"C000902": {Group: "G0020", Desk: "FXS4", Status: "blocked"},
		}),
		Accounts: fresh(map[string]authorization.Account{
			"A1": {Client: "C000900", Currency: "EUR"}, "A2": {Client: "C000001", Currency: "EUR"},
			"C000900-JPY": {Client: "C000900", Currency: "JPY"}, "C000900-USD": {Client: "C000900", Currency: "USD"},
		}),
		Rates: fresh(map[string]decimal.Decimal{"EUR": dec("1"), "USD": dec("1.1"), "JPY": dec("165")}),
	}
}

func fresh[T any](records map[string]T) authorization.Set[T] {
	return authorization.Set[T]{Records: records, AsOf: now.Add(-time.Second), Until: now.Add(time.Hour)}
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func TestEachRuleRefusesWithItsCodeAndAText(t *testing.T) {
	type request = authorization.Request
	cases := []struct {
		name  string
		spoil func(*request, *authorization.Directory)
		rule  string
		code  reason.Code
		text  string // part of it
	}{
		{"providers never delivered", func(_ *request, d *authorization.Directory) { d.Providers.Records = nil }, "static-data", "no_static_data", "providers missing or too old"},
		{"rates too old", func(_ *request, d *authorization.Directory) { d.Rates.Until = now.Add(-1) }, "static-data", "no_static_data", "rates missing or too old"},
		{"two sets missing", func(_ *request, d *authorization.Directory) { d.Clients.Records, d.Rates.Records = nil, nil }, "static-data", "no_static_data", "clients and rates missing"},
		{"accounts missing when one is named", func(r *request, d *authorization.Directory) { r.Account, d.Accounts.Records = "A1", nil }, "static-data", "no_static_data", "accounts missing"},
		{"unknown provider", func(r *request, _ *authorization.Directory) { r.Provider = "NOBODY" }, "provider-active", "unauthorised", "NOBODY is not in the bank's list"},
		{"blocked provider", func(r *request, _ *authorization.Directory) { r.Provider = "STOPPED" }, "provider-active", "unauthorised", "STOPPED is blocked"},
		{"unknown client", func(r *request, _ *authorization.Directory) { r.Client = "C999999" }, "acts-for", "unknown_client", `client "C999999" is not known, or has given provider SANDBOX44 no mandate: check the client's id`},
		{"blocked client", func(r *request, _ *authorization.Directory) { r.Client = "C000902" }, "client-active", "client_blocked", "C000902 is blocked"},
		{"another's client", func(r *request, _ *authorization.Directory) { r.Client = "C000001" }, "acts-for", "unknown_client", `client "C000001" is not known, or has given provider SANDBOX44 no mandate: check the client's id`},
		{"a blocked client of another", func(r *request, d *authorization.Directory) {
			r.Client = "C000902"
			p := d.Providers.Records["SANDBOX44"]
			p.Clients = []string{"C000900"}
			d.Providers.Records["SANDBOX44"] = p
		}, "acts-for", "unknown_client", `client "C000902" is not known, or has given provider SANDBOX44 no mandate: check the client's id`},
		{"another client's account", func(r *request, _ *authorization.Directory) { r.Account = "A2" }, "account", "unauthorised", `"A2" is not an account of client C000900`},
		{
			"an account in a third currency", func(r *request, _ *authorization.Directory) { r.Account = "C000900-JPY" }, "account-currency", "account_mismatch",
			`account "C000900-JPY" is in "JPY", which is no currency of EUR/USD`,
		},
		{"unknown account", func(r *request, _ *authorization.Directory) { r.Account = "A9" }, "account", "unauthorised", `"A9" is not an account`},
		{"product", func(r *request, _ *authorization.Directory) { r.Product = "swap" }, "product", "product_not_allowed", `"swap", only in: spot, forward`},
		{"no product", func(r *request, _ *authorization.Directory) { r.Product = "" }, "product", "product_not_allowed", "only in"},
		{"pair", func(r *request, _ *authorization.Directory) { r.Pair = "EUR/JPY" }, "pair", "pair_not_allowed", `"EUR/JPY", only in: EUR/USD, GBP/USD`},
		{"a word that is no pair", func(r *request, _ *authorization.Directory) { r.Pair = "EURUSD" }, "pair", "pair_not_allowed", "EURUSD"},
		{"size", func(r *request, _ *authorization.Directory) { r.Amount = dec("4545454.55") }, "size", "size_exceeded", "4545454.55 EUR is 5000000.01 USD at the rates of 2026-11-20T15:04:04Z, more than the 5000000 USD"},
		{"size of a negative amount", func(r *request, _ *authorization.Directory) { r.Amount = dec("-5000000") }, "size", "size_exceeded", "5500000.00 USD"},
		{"currency without a rate", func(r *request, _ *authorization.Directory) { r.Currency = "XXX" }, "size", "currency_unknown", `"XXX"`},
		{"provider without rights", func(r *request, _ *authorization.Directory) { r.Provider = "EMPTY" }, "acts-for", "unknown_client", "EMPTY"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r, dir := allowed(), directory()
			c.spoil(&r, &dir)
			d := authorization.Authorize(r, dir, now)
			if d.Granted || d.Rule != c.rule || d.Code != c.code || !strings.Contains(d.Text, c.text) {
				t.Errorf("got %+v\nwant rule %s, code %s, text with %q", d, c.rule, c.code, c.text)
			}
		})
	}
}

func TestAGrantSaysOnWhichTerms(t *testing.T) {
	got := authorization.Authorize(allowed(), directory(), now)
	want := authorization.Decision{Granted: true, Rule: "terms", Terms: authorization.Terms{
		ClientGroup: "G0020", Desk: "FXS4", MaxAmountUSD: dec("5000000"), AmountUSD: dec("1100000"), RatesAsOf: now.Add(-time.Second),
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatEveryRuleLetsPass(t *testing.T) {
	cases := map[string]func(*authorization.Request){
		"as it is":                                func(*authorization.Request) {},
		"the pair the other way round":            func(r *authorization.Request) { r.Pair = "USD/EUR" },
		"its own account":                         func(r *authorization.Request) { r.Account = "A1" },
		"an account in the pair's other currency": func(r *authorization.Request) { r.Account = "C000900-USD" },
		"the client as its account":               func(r *authorization.Request) { r.Account = "C000900" },
		"exactly the size":                        func(r *authorization.Request) { r.Currency, r.Amount = "USD", dec("5000000") },
		"everything by *":                         func(r *authorization.Request) { r.Provider, r.Client, r.Pair = "OPEN", "C000001", "EUR/JPY" },
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			r := allowed()
			change(&r)
			if d := authorization.Authorize(r, directory(), now); !d.Granted {
				t.Errorf("refused by %s: %s", d.Rule, d.Text)
			}
		})
	}
}

func TestResolvingAReservationNeedsOnlyTheProvidersStanding(t *testing.T) {
	dir := directory()
	dir.Rates.Records = nil
	r := authorization.Request{Purpose: authorization.Resolve, Provider: "SANDBOX44", Client: "C000902"}
	if d := authorization.Authorize(r, dir, now); !d.Granted {
		t.Errorf("refused by %s: %s", d.Rule, d.Text)
	}
	r.Provider = "STOPPED"
	if d := authorization.Authorize(r, dir, now); d.Granted || d.Rule != "provider-active" {
		t.Errorf("a blocked provider resolved a reservation: %+v", d)
	}
}

func TestTheZeroDecisionIsARefusal(t *testing.T) {
	if (authorization.Decision{}).Granted {
		t.Error("granted by default")
	}
}

// The size in USD is the exact quotient, rounded up to the cent, for every amount and rate.
func TestSizeIsNeverUnderstatedAndNeverByACentTooMuch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := decimal.New(rapid.Int64Range(1, 1e15).Draw(t, "amount"), -2)
		mid := decimal.New(rapid.Int64Range(1, 1e10).Draw(t, "mid"), -5)
		dir := directory()
		dir.Rates.Records["JPY"] = mid
		r := allowed()
		r.Provider, r.Currency, r.Amount = "OPEN", "JPY", amount
		p := dir.Providers.Records["OPEN"]
		p.MaxAmountUSD = dec("1e30")
		dir.Providers.Records["OPEN"] = p
		usd := authorization.Authorize(r, dir, now).Terms.AmountUSD
		exact, cent := amount.Mul(dec("1.1")), mid.Mul(dec("0.01"))
		if over := usd.Mul(mid).Sub(exact); over.IsNegative() || over.GreaterThanOrEqual(cent) {
			t.Fatalf("%s at mid %s gives %s USD, off by %s/%s", amount, mid, usd, over, mid)
		}
	})
}

func TestSizeIsThatOfTheLargestLeg(t *testing.T) {
	cases := []struct {
		name    string
		amounts []string
		want    string // empty: refused
	}{
		{"one leg", []string{"5.5"}, "5.5"},
		{"the far leg is larger", []string{"5", "7"}, "7"},
		{"the sign does not count", []string{"5", "-7"}, "7"},
		{"empty", []string{""}, ""},
		{"a word", []string{"5", "much"}, ""},
		{"too long to parse", []string{"1" + strings.Repeat("0", 40)}, ""},
		{"an exponent that would fill the memory", []string{"1e999999999"}, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := authorization.Size(c.amounts...)
			if (err != nil) != (c.want == "") || err == nil && !got.Equal(dec(c.want)) {
				t.Errorf("got %s, %v; want %q", got, err, c.want)
			}
		})
	}
}

// A later service may make a forward of a request for spot whose date decides, only if the provider may deal in both.
func TestADateDecidesWithinTheProvidersProducts(t *testing.T) {
	for _, c := range []struct {
		products []string
		asked    bool
		want     bool
	}{
		{[]string{"spot", "forward"}, true, true},
		{[]string{"*"}, true, true},
		{[]string{"spot"}, true, false},
		{[]string{"spot", "forward"}, false, false},
	} {
		r, dir := allowed(), directory()
		p := dir.Providers.Records[r.Provider]
		p.Products, r.DateDecides = c.products, c.asked
		dir.Providers.Records[r.Provider] = p
		if d := authorization.Authorize(r, dir, now); !d.Granted || d.Terms.DateDecides != c.want {
			t.Errorf("%v, asked %v: %+v", c.products, c.asked, d)
		}
	}
}
