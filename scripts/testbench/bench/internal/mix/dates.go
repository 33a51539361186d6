package mix

import (
	"fmt"
	"strings"
	"time"

	"fxcore/gateways/mainframe/simulator/demo"
)

// closed holds the days on which a currency's banks are closed.
type closed struct {
	holidays map[string]map[string]bool           // currency -> date
	weekends map[string]map[time.Weekday]struct{} // currency -> weekly rest days
}

func readClosed() (closed, error) {
	bank, err := demo.NewBank(demo.Seed)
	if err != nil {
		return closed{}, fmt.Errorf("calendars: %w", err)
	}
	c := closed{map[string]map[string]bool{}, map[string]map[time.Weekday]struct{}{}}
	for _, h := range bank.Holidays {
		if c.holidays[h.Currency] == nil {
			c.holidays[h.Currency] = map[string]bool{}
		}
		c.holidays[h.Currency][h.Date.Format(time.DateOnly)] = true
	}
	for _, w := range bank.Weekends { // by date, so the last rule of a currency applies today
		c.weekends[w.Currency] = map[time.Weekday]struct{}{}
		for _, day := range w.Days {
			c.weekends[w.Currency][day] = struct{}{}
		}
	}
	return c, nil
}

// next returns the first day, from the given day on, that is a banking day of USD and of both currencies of the pair.
func (c closed) next(pair string, from time.Time) time.Time {
	currencies := append(strings.Split(pair, "/"), "USD")
	for day := from; ; day = day.AddDate(0, 0, 1) {
		if c.open(currencies, day) {
			return day
		}
	}
}

func (c closed) open(currencies []string, day time.Time) bool {
	for _, currency := range currencies {
		if _, rest := c.weekends[currency][day.Weekday()]; rest || c.holidays[currency][day.Format(time.DateOnly)] {
			return false
		}
	}
	return true
}
