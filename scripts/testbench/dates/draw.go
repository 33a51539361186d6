package dates

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
)

// Request is what a provider asks for, as a trade or as a line check. It has a tenor, a value date, or both.
type Request struct {
	Pair, Currency   string
	Tenor, ValueDate string
	Asked, Decided   time.Time
}

// String returns the request's columns in the listing.
func (r Request) String() string {
	return fmt.Sprintf("%s,%s%s,%s,%d", r.Pair, r.Tenor, r.ValueDate, r.Asked.Format(time.DateTime), int(r.Decided.Sub(r.Asked).Seconds()))
}

// The requests are drawn from 28 years.
var (
	first = fxdate.NewDate(2016, 1, 4)
	last  = fxdate.NewDate(2044, 1, 4)
)

var tenors = []string{
	"TOD", "TOM", "ON", "TN", "SPOT", "SN", "1D", "2D", "3D", "1W", "2W", "3W", "1M", "2M", "3M", "4M", "5M", "6M", "7M", "8M", "9M", "10M", "11M",
	"1Y", "15M", "18M", "2Y", "3Y", "4Y", "5Y", "61M", "IMM", "IMM2", "IMM4",
}

// drawer draws requests. The same seed draws the same ones.
type drawer struct {
	*rand.Rand
	pairs []*market.Pair
}

// Requests draws n requests: as many of each pair, and equally often at any instant, within minutes of the pair's roll, within
// seconds of a cut-off, on days on which clocks change, and on weekends.
func Requests(t testing.TB, m *market.Market, n int) []Request {
	t.Helper()
	d := drawer{rand.New(rand.NewPCG(12, 28)), m.Pairs()}
	all := make([]Request, n)
	for i := range all {
		all[i] = d.request(t, d.pairs[i%len(d.pairs)])
	}
	return all
}

func (d drawer) request(t testing.TB, p *market.Pair) Request {
	at := d.instant(t, p).UTC().Truncate(time.Second)
	r := Request{Pair: p.Name, Currency: p.Base.Code, Asked: at, Decided: at.Add(time.Duration(d.IntN(55)) * time.Second)}
	kind := d.IntN(10)
	if kind < 7 {
		r.Tenor = tenors[d.IntN(len(tenors))]
	}
	if kind > 5 {
		r.ValueDate = p.TradeDate(at).AddDays(d.days()).String()
	}
	if kind == 6 && d.IntN(2) == 0 {
		r.ValueDate = dateOf(t, p, r)
	}
	return r
}

// dateOf returns the date of the request's tenor, or the request's value date if there is none.
func dateOf(t testing.TB, p *market.Pair, r Request) string {
	tenor, err := fxdate.ParseTenor(r.Tenor)
	must(t, err)
	deal, err := p.Dates.On(p.TradeDate(r.Asked))
	must(t, err)
	period, err := p.Dates.PeriodOf(deal, tenor)
	if err != nil {
		return r.ValueDate
	}
	return period.End.String()
}

// days returns after how many days a broken date comes: mostly near the trade date, where spot and the cut-offs are.
func (d drawer) days() int {
	if d.IntN(2) == 0 {
		return d.IntN(12) - 2
	}
	return d.IntN(1_850)
}

func (d drawer) instant(t testing.TB, p *market.Pair) time.Time {
	day := first.AddDays(d.IntN(int(last - first)))
	switch d.IntN(5) {
	case 0:
		return d.around(rollOf(p, day), 3*time.Minute)
	case 1:
		until, _, _, err := p.Deadline(day)
		must(t, err)
		return d.around(until, 90*time.Second)
	case 2:
		return d.within(changeOfClocks(day.Time().Year(), d.IntN(6)))
	case 3:
		for day.Weekday() != time.Saturday {
			day = day.AddDays(1)
		}
		return d.within(day).Add(-12 * time.Hour)
	}
	return d.within(day)
}

func (d drawer) around(at time.Time, most time.Duration) time.Time {
	return at.Add(time.Duration(d.Int64N(int64(2*most))) - most)
}

// within returns an instant of a day and the one after it.
func (d drawer) within(day fxdate.Date) time.Time {
	return day.Time().Add(time.Duration(d.Int64N(int64(48 * time.Hour))))
}

// rollOf returns the instant within a day, in UTC, at which the pair's trade date changes; noon if it does not change.
func rollOf(p *market.Pair, day fxdate.Date) time.Time {
	before, after := day.Time(), day.Time().Add(24*time.Hour)
	if p.TradeDate(before) == p.TradeDate(after) {
		return before.Add(12 * time.Hour)
	}
	for after.Sub(before) > time.Second {
		middle := before.Add(after.Sub(before) / 2)
		if p.TradeDate(middle) == p.TradeDate(before) {
			before = middle
		} else {
			after = middle
		}
	}
	return after
}

// changeOfClocks returns the Saturday before clocks change: in the United States, in Europe and in New Zealand, twice a year each.
func changeOfClocks(year, which int) fxdate.Date {
	day := []fxdate.Date{
		fxdate.NewDate(year, 3, 8), fxdate.NewDate(year, 11, 1), fxdate.NewDate(year, 3, 25), fxdate.NewDate(year, 10, 25),
		fxdate.NewDate(year, 4, 1), fxdate.NewDate(year, 9, 24),
	}[which]
	for day.Weekday() != time.Sunday {
		day = day.AddDays(1)
	}
	return day.AddDays(-1)
}
