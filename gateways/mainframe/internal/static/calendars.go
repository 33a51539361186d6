package static

import (
	"time"

	"fxcore/gateways/mainframe/internal/records"
)

// calendars puts a currency's weekends and holidays together, whichever row comes first.
func calendars(s *set, l *records.Layouts) {
	calendarOf := func(code string) (*calendar, error) {
		return of(s, code, func() *calendar { return &calendar{Currency: code, Holidays: make(map[string]string)} })
	}
	on(s, l.Weekend, func(r records.Weekend) error {
		c, err := calendarOf(r.Currency)
		if err != nil {
			return err
		}
		c.Weekends = append(c.Weekends, weekend{From: r.From.Format(time.DateOnly), Days: days(r)})
		return nil
	})
	on(s, l.Holiday, func(r records.Holiday) error {
		c, err := calendarOf(r.Currency)
		if err != nil {
			return err
		}
		c.Holidays[r.Date.Format(time.DateOnly)] = r.Name
		return nil
	})
}

// days names the days of rest, Monday first.
func days(r records.Weekend) []string {
	var names []string
	for i, rest := range []bool{r.Monday, r.Tuesday, r.Wednesday, r.Thursday, r.Friday, r.Saturday, r.Sunday} {
		if rest {
			names = append(names, []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}[i])
		}
	}
	return names
}
