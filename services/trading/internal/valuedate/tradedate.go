// Package valuedate holds the date conventions of foreign exchange: which trade date a moment belongs to, the spot date
// of a pair, and the value date of a tenor. It is pure: clock readings and calendars are handed in.
package valuedate

import (
	"fmt"
	"time"

	"fxcore/services/trading/internal/calendar"
)

// rollHour is the hour in New York at which the trade date of all pairs moves on to the next day (the market's close).
const rollHour = 17

// Rollover tells the trade date of a moment. The zone comes from the tz database, so daylight saving is right on both
// sides of the ocean.
type Rollover struct{ newYork *time.Location }

// NewRollover loads the zone. It fails only where the program has no tz database.
func NewRollover() (Rollover, error) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		return Rollover{}, fmt.Errorf("load the zone in which the trade date rolls: %w", err)
	}
	return Rollover{newYork: zone}, nil
}

// TradeDate returns the FX trade date of a moment: the date in New York, the next one from 17:00 on, and Monday for
// what falls on a weekend. Bank holidays do not move it: somewhere the market is open.
func (r Rollover) TradeDate(at time.Time) calendar.Date {
	local := at.In(r.newYork)
	date := calendar.DateOf(local)
	if local.Hour() >= rollHour {
		date = date.AddDays(1)
	}
	return skipWeekend(date, +1)
}

// PreviousTradeDate returns the trade date before d.
func PreviousTradeDate(d calendar.Date) calendar.Date { return skipWeekend(d.AddDays(-1), -1) }

func skipWeekend(d calendar.Date, step int) calendar.Date {
	for d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
		d = d.AddDays(step)
	}
	return d
}
