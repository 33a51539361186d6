//go:build e2e

package e2e

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/scripts/testbench/oracle"
)

// refused: a sound order, what is wrong with it, and the beginning of the exact answer. Reasons (103) in which FIX 4.4 and 5.0SP2
// differ are given as 4.4/5.0SP2. What the session layer refuses is in the gateway's own tests; that it does so is here.
var refused = []struct {
	name   string
	change func(c *core, o *order)
	want   string
}{
	{"unknown client", func(_ *core, o *order) { o.client = "C999999" }, `8 150=8 39=8 103=15 client "C999999" is not known, or has given provider {provider} no mandate: check the client's id`},
	{"another's client", func(_ *core, o *order) { o.client = "C000002" }, `8 150=8 39=8 103=15 client "C000002" is not known, or has given provider {provider} no mandate: check the client's id`},
	{"blocked client", func(_ *core, o *order) { o.client = "C000902" }, "8 150=8 39=8 103=0 client C000902 is blocked: its relationship manager can release it"},
	{"unknown pair", func(_ *core, o *order) { o.pair = "EUR/XXX" }, `8 150=8 39=8 103=1 the bank does not deal the currency "XXX" of EUR/XXX`},
	{"pair the other way", func(_ *core, o *order) { o.pair = "USD/EUR" }, "8 150=8 39=8 103=1 USD/EUR is dealt as EUR/USD; ask for it, and quote its rate, in that order"},
	{"no pair", func(_ *core, o *order) { o.pair = "EURUSD" }, `8 150=8 39=8 103=1 "EURUSD" is not a currency pair; write it as EUR/USD`},
	{"no pair, and no currency", func(_ *core, o *order) { o.pair, o.currency = "EURUSD", "" }, `8 150=8 39=8 103=1 "EURUSD" is not a currency pair; write it as EUR/USD`},
	{"same currency twice", func(_ *core, o *order) { o.pair = "EUR/EUR" }, "8 150=8 39=8 103=1 EUR/EUR is one currency against itself; name two"},
	{"currency outside the pair", func(_ *core, o *order) { o.currency = "JPY" }, `8 150=8 39=8 103=1 the amount is in "JPY", which is neither EUR nor USD`},
	{"holiday value date", func(c *core, o *order) { o.settlement, o.date = "", c.holiday("USD") }, "8 150=8 39=8 103=11 the value date {date} is a holiday in "},
	{"weekend value date", func(_ *core, o *order) { o.settlement, o.date = "", saturday() }, "8 150=8 39=8 103=11 the value date {date} is "},
	{"past value date", func(_ *core, o *order) { o.settlement, o.date = "", "20200102" }, "8 150=8 39=8 103=11 the value date 2020-01-02 has passed: today's trade date is "},
	{"value date too far", func(_ *core, o *order) { o.settlement = "Y7" }, "8 150=8 39=8 103=11 the value date {years}"},
	{"off-market price", func(_ *core, o *order) { o.rate = "1.5" }, "8 150=8 39=8 103=99/16 the rate 1.5 of EUR/USD for {spot} differs by 3"},
	{"over-precise price", func(_ *core, o *order) { o.rate += "00001" }, "8 150=8 39=8 103=13 the rate {rate} of EUR/USD for {spot} has more than 5 decimals"},
	{"zero amount", func(_ *core, o *order) { o.amount = "0" }, "3 refused 5 value of tag 38 is incorrect: must be above zero"},
	{"negative amount", func(_ *core, o *order) { o.amount = "-1000" }, "3 refused 5 value of tag 38 is incorrect: must be above zero"},
	{"absurd amount", func(_ *core, o *order) { o.amount = "99999999999999" }, "8 150=8 39=8 103=3 99999999999999 EUR is "},
	{"amount of too many digits", func(_ *core, o *order) { o.amount = "1000000000000001" }, "3 refused 5 value of tag 38 is incorrect: at most 15 significant digits"},
	{"over-precise amount", func(_ *core, o *order) { o.amount = "1000.001" }, "8 150=8 39=8 103=13 the amount 1000.001 EUR has more than the 2 decimals of the currency"},
	{"expired by 126", func(_ *core, o *order) { o.expire = o.at.Add(-time.Second) }, "8 150=8 39=8 103=4 the deadline was {deadline}, but the bank handled the request at "},
	{"expired by 62", func(_ *core, o *order) { o.valid = o.at.Add(-time.Second) }, "8 150=8 39=8 103=4 the deadline was {deadline}, but the bank handled the request at "},
	{"expired by 60", func(_ *core, o *order) { o.at = o.at.Add(-2 * time.Minute) }, "8 150=8 39=8 103=4 the deadline was {deadline}, but the bank handled the request at "},
	{"line exceeded", func(_ *core, o *order) { o.client, o.amount = "C000901", "500000000" }, "8 150=8 39=8 103=3 line of client C000901: limit 100,000 USD + collateral 0; used "},
	{"deal too large", func(_ *core, o *order) { o.client, o.amount = "C000903", "2000000" }, "8 150=8 39=8 103=3 a deal of 2,"},
	{"settlement exceeded", func(_ *core, o *order) { o.client, o.amount = "C000904", "2000000" }, "8 150=8 39=8 103=3 settlement limit of client/C000904: 1,000,000 USD a day; due on {spot}: 0; this deal adds "},
	{"tenor beyond the client's", func(c *core, o *order) { o.client, o.settlement, o.rate = "C000905", "M6", c.outright(182) }, "8 150=8 39=8 103=11 the last value date is "},
	{"too large for the provider", func(_ *core, o *order) { o.amount = "1000000000" }, "8 150=8 39=8 103=3 1000000000 EUR is "},
}

// reasons finds a reason that differs between the versions.
var reasons = regexp.MustCompile(`103=(\d+)/(\d+)`)

// badInput: each gets the exact answer, over the wire and through the whole core, and nothing else happens.
func (c *core) badInput(t *testing.T) {
	for _, provider := range []string{"SANDBOX44", "SANDBOX50"} {
		t.Run(provider, func(t *testing.T) {
			cl := c.client(t, provider, "badinput")
			cl.spot = dashed(cl.mustFill(t, cl.good(t)).fields[64])
			for _, r := range refused {
				t.Run(r.name, func(t *testing.T) {
					o := cl.good(t)
					r.change(c, &o)
					got, want := cl.last(t, o).show(), cl.expected(r.want, o)
					if !strings.HasPrefix(got, want) {
						t.Errorf("\n got %s\nwant %s", got, want)
					}
				})
			}
			t.Run("the same again", cl.sameAgain)
			t.Run("another under the same reference", cl.otherContent)
		})
	}
	t.Run("rights", c.rights)
	c.judge(t, c.undisturbed()...)
}

// expected is the wanted answer in the provider's version, for this order.
func (cl *client) expected(want string, o order) string {
	version := "103=$2"
	if cl.fix44 {
		version = "103=$1"
	}
	want = reasons.ReplaceAllString(want, version)
	deadline := o.at.Add(time.Minute)
	for _, nearer := range []time.Time{o.expire, o.valid} {
		if !nearer.IsZero() && nearer.Before(deadline) {
			deadline = nearer
		}
	}
	return strings.NewReplacer("{date}", dashed(o.date), "{rate}", o.rate, "{provider}", cl.Provider(),
		"{deadline}", deadline.UTC().Truncate(time.Millisecond).Format(time.RFC3339), "{spot}", cl.spot, "{years}", cl.spotYear(7)).Replace(want)
}

// dashed is a date of FIX as people write it.
func dashed(fix string) string {
	at, err := time.Parse("20060102", fix)
	if err != nil {
		return ""
	}
	return at.Format(time.DateOnly)
}

// spotYear is the year so many years after spot, and the dash after it: the day may be moved by a weekend.
func (cl *client) spotYear(years int) string {
	year, err := strconv.Atoi(cl.spot[:4])
	if err != nil {
		panic(err) // a date of the core's own
	}
	return strconv.Itoa(year+years) + "-"
}

func (cl *client) mustFill(t *testing.T, o order) answer {
	t.Helper()
	all := cl.ask(t, o)
	if len(all) != 2 || all[0].State != oracle.Pending || all[1].State != oracle.Accepted {
		t.Fatalf("want pending, then filled: %v", all)
	}
	return all[1]
}

// sameAgain: the same reference and content gets the same answer, field by field, and no second trade, which the oracle holds.
func (cl *client) sameAgain(t *testing.T) {
	o := cl.good(t)
	first := cl.mustFill(t, o)
	o.at = time.Now() // times are no part of the content
	second := cl.last(t, o)
	for _, tag := range []int{34, 52, 9, 10} { // of the message, not of the answer
		delete(first.fields, tag)
		delete(second.fields, tag)
	}
	if !maps.Equal(first.fields, second.fields) {
		t.Errorf("\nfirst  %v\nsecond %v", first.fields, second.fields)
	}
}

// otherContent: a used reference with other content is rejected, and the first trade stands.
func (cl *client) otherContent(t *testing.T) {
	o := cl.good(t)
	cl.mustFill(t, o)
	o.amount = "2000000"
	if got := cl.last(t, o).show(); !strings.HasPrefix(got, "8 150=8 39=2 103=6 ") {
		t.Errorf("got %s", got)
	}
	o.amount = "1000000"
	if again := cl.last(t, o); again.State != oracle.Accepted {
		t.Errorf("the first content again: %s", again.show())
	}
}

// rights: a provider that may deal in spot of two pairs only.
func (c *core) rights(t *testing.T) {
	cl := c.client(t, "TEST7", "rights")
	for _, r := range []struct {
		name, want string
		change     func(o *order)
	}{
		{"product", `8 150=8 39=8 103=11 provider TEST7 may not deal in "forward"`, func(o *order) { o.settlement = "M1" }},
		{"pair", `8 150=8 39=8 103=0 provider TEST7 may not deal in "EUR/GBP"`, func(o *order) { o.pair = "EUR/GBP" }},
	} {
		o := cl.good(t)
		r.change(&o)
		if got := cl.last(t, o).show(); !strings.HasPrefix(got, r.want) {
			t.Errorf("%s:\n got %s\nwant %s", r.name, got, r.want)
		}
	}
	o := cl.good(t)
	o.client = "C000001"
	cl.mustFill(t, o)
}

// outright is the market's rate of EUR/USD so many days after spot.
func (c *core) outright(days int) string {
	rate, err := c.market.Outright("EUR/USD", time.Now(), days)
	if err != nil {
		panic(err) // a pair that the demo deals
	}
	return rate.String()
}

// holiday is a weekday in a month or later on which the currency's banks are closed, YYYYMMDD.
func (c *core) holiday(currency string) string {
	from := time.Now().AddDate(0, 1, 0)
	i := slices.IndexFunc(c.bank.Holidays, func(h demo.Holiday) bool {
		weekend := h.Date.Weekday() == time.Saturday || h.Date.Weekday() == time.Sunday
		return h.Currency == currency && h.Date.After(from) && !weekend
	})
	return c.bank.Holidays[i].Date.Format("20060102")
}

// saturday is one in about a month, YYYYMMDD.
func saturday() string {
	day := time.Now().UTC().AddDate(0, 1, 0)
	return day.AddDate(0, 0, int(time.Saturday-day.Weekday())).Format("20060102")
}
