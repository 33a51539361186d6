// Package fxdate holds the two date rules that every program of the core must share, because their results travel in
// messages and ids: the FX trade date of an instant, and the meaning of a tenor's name.
package fxdate

import (
	"fmt"
	"time"
	_ "time/tzdata" // the trade date rolls at an hour in New York, which must not depend on the machine's zone files
)

// rollHour is the hour in New York at which all pairs roll to the next trade date.
const rollHour = 17

// Rollover computes the trade date of an instant. It uses the tz database, so it follows daylight saving time. It is
// safe for concurrent use.
type Rollover struct{ newYork *time.Location }

// NewRollover loads the time zone of New York from the binary. It panics if the binary was built without that zone.
func NewRollover() Rollover {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(fmt.Sprintf("fxdate: the tz database in this binary has no New York: %v", err))
	}
	return Rollover{newYork: zone}
}

// TradeDate returns the FX trade date of an instant: the date in New York, or the next date from 17:00 on. A trade date
// that would fall on a weekend moves to Monday. Bank holidays do not move it, because the market is open somewhere.
func (r Rollover) TradeDate(at time.Time) Date {
	local := at.In(r.newYork)
	date := DateOf(local)
	if local.Hour() >= rollHour {
		date = date.AddDays(1)
	}
	return skipWeekend(date, 1)
}

// PreviousTradeDate returns the trade date before the given one: Friday for a Monday.
func PreviousTradeDate(tradeDate Date) Date { return skipWeekend(tradeDate.AddDays(-1), -1) }

func skipWeekend(d Date, step int) Date {
	for d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
		d = d.AddDays(step)
	}
	return d
}
