package hours

import (
	"slices"
	"time"

	"fxcore/services/contract/fxdate"
)

// Roll is the time at which a pair goes on to its next trade date, from a date on until a later Roll replaces it. A roll
// before noon begins the trade date of its own day (07:00 in Auckland); one from noon on begins that of the day after (17:00
// in New York).
type Roll struct {
	From fxdate.Date
	At   TimeOfDay
}

// Rolls are the rolls of one pair. The zero Rolls cannot be used; see [NewRolls].
type Rolls struct{ latestFirst []Roll }

// NewRolls returns the rolls of a pair. Without any it is the market's usual one: 17:00 in New York.
func NewRolls(rolls ...Roll) Rolls {
	if len(rolls) == 0 {
		rolls = []Roll{usual()}
	}
	sorted := slices.Clone(rolls)
	slices.SortFunc(sorted, func(a, b Roll) int { return int(b.From - a.From) })
	return Rolls{sorted}
}

// TradeDate returns the pair's trade date at an instant. A date on a Saturday or Sunday moves to Monday. Bank holidays do not
// move it, because the market is open somewhere.
func (r Rolls) TradeDate(at time.Time) fxdate.Date {
	roll := r.holding(at)
	date := roll.At.dateOf(at)
	passed := !at.Before(roll.At.On(date))
	switch {
	case roll.beginsOwnDay() && !passed:
		date = date.AddDays(-1)
	case !roll.beginsOwnDay() && passed:
		date = date.AddDays(1)
	}
	for date.Weekday() == time.Saturday || date.Weekday() == time.Sunday {
		date = date.AddDays(1)
	}
	return date
}

// holding returns the roll that holds at an instant. Before the first one, the first one holds.
func (r Rolls) holding(at time.Time) Roll {
	for _, roll := range r.latestFirst {
		if roll.From <= roll.At.dateOf(at) {
			return roll
		}
	}
	return r.latestFirst[len(r.latestFirst)-1]
}

func (r Roll) beginsOwnDay() bool {
	const noon = 12
	return r.At.hour < noon
}

func usual() Roll {
	at, err := ParseTimeOfDay("17:00", "America/New_York")
	if err != nil {
		panic(err) // package fxdate brings the tz database along
	}
	return Roll{At: at}
}
