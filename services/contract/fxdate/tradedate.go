// Package fxdate holds the two date rules that every program of the core must share, because their results travel in
// messages and ids: the FX trade date of an instant, and what a tenor's name means.
package fxdate

import (
	"fmt"
	"time"
	_ "time/tzdata" // the roll is an hour of New York: it must not depend on the machine's zone files
)

// rollHour is the hour in New York at which the trade date of all pairs moves on to the next day.
const rollHour = 17

// Rollover tells the trade date of an instant. The zone comes from the tz database, so it follows daylight saving.
type Rollover struct{ newYork *time.Location }

// NewRollover loads the zone of New York, which is part of the binary.
func NewRollover() Rollover {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(fmt.Sprintf("fxdate: the tz database in this binary has no New York: %v", err))
	}
	return Rollover{newYork: zone}
}

// TradeDate returns the FX trade date of an instant: the date in New York, the next one from 17:00 on, and Monday for what
// falls on a weekend. Bank holidays do not move it: somewhere the market is open.
func (r Rollover) TradeDate(at time.Time) Date {
	local := at.In(r.newYork)
	date := DateOf(local)
	if local.Hour() >= rollHour {
		date = date.AddDays(1)
	}
	return skipWeekend(date, 1)
}

// PreviousTradeDate returns the trade date before a trade date.
func PreviousTradeDate(tradeDate Date) Date { return skipWeekend(tradeDate.AddDays(-1), -1) }

func skipWeekend(d Date, step int) Date {
	for d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
		d = d.AddDays(step)
	}
	return d
}
