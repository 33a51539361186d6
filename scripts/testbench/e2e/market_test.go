//go:build e2e

package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/simulator/demo"
)

// marketRules: dates and prices as a desk has them, over the wire and through the whole core.
func (c *core) marketRules(t *testing.T) {
	cl := c.client(t, "SANDBOX44", "market")
	cl.spot = dashed(cl.mustFill(t, cl.good(t)).fields[64])
	t.Run("EUR/USD for tomorrow is an outright", cl.outrightForTomorrow)
	t.Run("USD/CAD for tomorrow is its spot", cl.spotForTomorrow)
	t.Run("USD/SAR for a Friday is a broken date", cl.onABrokenDate)
	t.Run("below the market without a quote", cl.belowTheMarket)
	t.Run("on a quote of the bank's", cl.onAQuote)
	c.judge(t, c.undisturbed()...)
}

func (cl *client) outrightForTomorrow(t *testing.T) {
	first := cl.mustFill(t, cl.good(t)).fields
	tomorrow := cl.c.settlesAfter(first[75], "EUR", "USD")
	o := cl.good(t)
	o.settlement, o.rate = "2", cl.c.outright(-1)
	forward := tomorrow != first[64] // a holiday can move tomorrow on to spot
	if !forward {
		o.product, o.rate = "spot", cl.good(t).rate
	}
	if got := cl.mustFill(t, o).fields; got[64] != tomorrow || (got[195] != "") != forward {
		t.Errorf("filled for %s with points %q, want %s, forward %v", got[64], got[195], tomorrow, forward)
	}
}

// settlesAfter is the first day after a date (YYYYMMDD) on which all the currencies settle.
func (c *core) settlesAfter(date string, currencies ...string) string {
	closed := map[string]bool{}
	for _, h := range c.bank.Holidays {
		if slices.Contains(currencies, h.Currency) {
			closed[h.Date.Format(fixDate)] = true
		}
	}
	day, err := time.Parse(fixDate, date)
	if err != nil {
		panic(err) // a date of the core's own
	}
	for day = day.AddDate(0, 0, 1); day.Weekday() == time.Saturday || day.Weekday() == time.Sunday || closed[day.Format(fixDate)]; {
		day = day.AddDate(0, 0, 1)
	}
	return day.Format(fixDate)
}

const fixDate = "20060102"

func (cl *client) spotForTomorrow(t *testing.T) {
	rate, err := cl.c.market.Rate("USD/CAD", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	o := cl.good(t)
	o.pair, o.currency, o.settlement, o.rate, o.product = "USD/CAD", "USD", "2", rate.String(), "spot"
	if got := cl.mustFill(t, o).fields; got[195] != "" || got[194] != o.rate {
		t.Errorf("filled with points %q at spot %s", got[195], got[194])
	}
}

// onABrokenDate deals for a Friday, on which only the dollar settles, and for a Saturday, on which neither currency does.
func (cl *client) onABrokenDate(t *testing.T) {
	friday := cl.c.fridayInNewYork(time.Now().AddDate(0, 0, 14))
	days := int(time.Until(friday).Hours()/24) - 2 // from spot, about
	rate, err := cl.c.market.Outright("USD/SAR", time.Now(), days)
	if err != nil {
		t.Fatal(err)
	}
	o := cl.good(t)
	o.pair, o.currency, o.settlement, o.rate, o.date = "USD/SAR", "USD", "B", rate.String(), friday.Format(fixDate)
	if got := cl.mustFill(t, o).fields; got[64] != o.date || got[195] == "" {
		t.Errorf("filled for %s with points %q, want %s", got[64], got[195], o.date)
	}
	saturday := cl.good(t)
	o.reference, o.at, o.date = saturday.reference, saturday.at, friday.AddDate(0, 0, 1).Format(fixDate)
	if got := cl.last(t, o).show(); !strings.HasPrefix(got, "8 150=8 39=8 ") || !strings.Contains(got, "is a Saturday, weekend in USD") {
		t.Errorf("on a Saturday: %s", got)
	}
}

// fridayInNewYork is the first Friday after a time on which the dollar settles.
func (c *core) fridayInNewYork(after time.Time) time.Time {
	day := after.UTC().Truncate(24 * time.Hour)
	for day.Weekday() != time.Thursday || c.settlesAfter(day.Format(fixDate), "USD") != day.AddDate(0, 0, 1).Format(fixDate) {
		day = day.AddDate(0, 0, 1)
	}
	return day.AddDate(0, 0, 1)
}

// belowTheMarket is half a per cent cheaper than the market: 54,700 dollars in ten million euro.
func (cl *client) belowTheMarket(t *testing.T) {
	o := cl.good(t)
	rate, err := decimal.NewFromString(o.rate)
	if err != nil {
		t.Fatal(err)
	}
	o.rate = rate.Mul(decimal.RequireFromString("0.9951")).Round(5).String()
	if got := cl.last(t, o).show(); !strings.HasPrefix(got, "8 150=8 39=8 103=99 the rate "+o.rate+" of EUR/USD for "+cl.spot+" differs by 0.4") {
		t.Errorf("got %s", got)
	}
}

// onAQuote deals on a quote of the minute before, which every replica knows by now.
func (cl *client) onAQuote(t *testing.T) {
	quotes, err := cl.c.market.Quotes(time.Now().Add(-time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	quote := quotes[0]
	if quote.Pair != "EUR/USD" || quote.Side != "buy" || quote.Product != "spot" {
		t.Fatalf("another quote is first: %+v", quote)
	}
	o := cl.good(t)
	o.quote, o.rate = quote.ID, quote.Rate.String()
	cl.mustFill(t, o)
	for _, c := range []struct {
		rule, want string
		change     func(o *order)
	}{
		{"another rate", "103=99 the rate ", func(o *order) { o.rate = quote.Rate.Sub(decimal.New(1, -5)).String() }},
		{"the other side", `103=99 the side "sell" is not that of the quote `, func(o *order) { o.side = "sell" }},
		{"no such quote", `103=99 the bank knows no quote "Q-NONE"`, func(o *order) { o.quote = "Q-NONE" }},
		{"a quote that another provider got", `103=99 the bank knows no quote "ALPHA-`, func(o *order) { o.quote = "ALPHA-" + quote.ID }},
		{"an old quote", "103=4 the quote ", func(o *order) { o.quote, o.rate = old(t, cl.c.market) }},
	} {
		o := cl.good(t)
		o.quote, o.rate = quote.ID, quote.Rate.String()
		c.change(&o)
		if got := cl.last(t, o).show(); !strings.HasPrefix(got, "8 150=8 39=8 "+c.want) {
			t.Errorf("%s: %s", c.rule, got)
		}
	}
}

// old returns a quote that has expired and is still listed.
func old(t *testing.T, m *demo.Market) (id, rate string) {
	t.Helper()
	quotes, err := m.Quotes(time.Now().Add(-5 * time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	return quotes[0].ID, quotes[0].Rate.String()
}
