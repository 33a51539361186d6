package desk

import (
	"slices"
	"time"

	"fxcore/gateways/mainframe/simulator/demo"
)

// Shares in per cent of the pairs that are dealt on broken dates.
const (
	brokenShare  = 6  // of all deals and checks: in one of these pairs
	brokenChance = 50 // of their outrights: on a broken date
)

// A broken date lies so many days after today: surely after spot, and never without a weekend of the Gulf.
const (
	brokenFrom = 10
	brokenTo   = 40
)

// broken is SettlType (63) of a deal for a date that is no period's.
const brokenSettlement = "B"

// brokenDates are the pairs that the bank deals on broken dates, and the days on which their currencies rest.
type brokenDates struct {
	pairs    []demo.Pair
	weekends []demo.Weekend
	holidays map[demo.Holiday]bool // without their names
}

func newBrokenDates(bank demo.Bank) brokenDates {
	b := brokenDates{weekends: bank.Weekends, holidays: make(map[demo.Holiday]bool)}
	currencies := map[string]bool{}
	for _, p := range bank.Pairs {
		if p.BrokenDates {
			b.pairs = append(b.pairs, p)
			currencies[p.Base()], currencies[p.Quote()] = true, true
		}
	}
	for _, h := range bank.Holidays {
		if currencies[h.Currency] {
			b.holidays[demo.Holiday{Currency: h.Currency, Date: h.Date}] = true
		}
	}
	return b
}

// days returns the days after today on which exactly one of the pair's currencies settles.
func (b brokenDates) days(p demo.Pair, today time.Time) []time.Time {
	var days []time.Time
	for n := brokenFrom; n <= brokenTo; n++ {
		day := today.AddDate(0, 0, n)
		if b.rests(p.Base(), day) != b.rests(p.Quote(), day) {
			days = append(days, day)
		}
	}
	return days
}

func (b brokenDates) rests(currency string, day time.Time) bool {
	if b.holidays[demo.Holiday{Currency: currency, Date: day}] {
		return true
	}
	var last demo.Weekend
	for _, w := range b.weekends {
		if w.Currency == currency && !w.From.After(day) && !w.From.Before(last.From) {
			last = w
		}
	}
	return slices.Contains(last.Days, day.Weekday())
}

// breakDate moves an outright to a broken date now and then, where the pair allows it and there is one.
func (d *Desk) breakDate(r *Request, pair demo.Pair) error {
	if !pair.BrokenDates || r.Swap() || !d.chance(brokenChance) {
		return nil
	}
	today := r.Time.UTC().Truncate(24 * time.Hour)
	days := d.broken.days(pair, today)
	if len(days) == 0 {
		return nil
	}
	day := days[d.random.IntN(len(days))]
	const spot = 2 // days after today, about
	rate, err := d.rate(pair, r.Time, int(day.Sub(today).Hours()/24)-spot, r.Buy)
	r.Near = Leg{Settlement: brokenSettlement, Date: day.Format(time.DateOnly), Rate: rate}
	return err
}
