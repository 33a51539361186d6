package static

import (
	"errors"
	"time"

	"fxcore/gateways/mainframe/internal/records"
)

// unnamed is the name of a holiday whose own name cannot be read.
const unnamed = "name not readable"

// calendars puts a currency's weekends and holidays together, whichever row comes first. A calendar without one of its weekends
// // is wrong every week, so it is left out. One that lacks a holiday stays: once the row is mended, trading lists the trades of that
// day. A holiday whose name cannot be read is a holiday all the same.
func calendars(s *set, l *records.Layouts) {
	calendarOf := func(code string) (*calendar, error) {
		return of(s, code, func() *calendar { return &calendar{Currency: code, Holidays: make(map[string]string)} })
	}
	part(s, l.Weekend, func(r records.Weekend) string { return r.Currency }, func(r records.Weekend) error {
		c, err := calendarOf(r.Currency)
		if err != nil {
			return err
		}
		c.Weekends = append(c.Weekends, weekend{From: r.From.Format(time.DateOnly), Days: days(r)})
		return nil
	})
	holiday := func(r records.Holiday) error {
		c, err := calendarOf(r.Currency)
		if err != nil {
			return err
		}
		if r.Date.IsZero() {
			return errors.New("a holiday without a date")
		}
		c.Holidays[r.Date.Format(time.DateOnly)] = r.Name
		return nil
	}
	salvage := func(r records.Holiday) string {
		r.Name = unnamed
		_ = holiday(r) // of a row without its currency or date nothing can be used
		return ""
	}
	part(s, l.Holiday, salvage, holiday)
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
