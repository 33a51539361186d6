package story

import (
	"fmt"
	"time"
	_ "time/tzdata" // the roll is a New York hour: it must not depend on the machine's zone files
)

// rollHour is when the FX day ends in New York, for all pairs.
const rollHour = 17

// NewYork loads the zone that the FX day rolls in.
func NewYork() *time.Location {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(fmt.Sprintf("story: embedded zone data: %v", err)) // the binary itself carries it
	}
	return zone
}

// TradeDate returns the FX day of an instant: it begins at 17:00 New York of the day before, and Saturday and Sunday
// belong to Monday.
func TradeDate(at time.Time, zone *time.Location) string {
	local := at.In(zone)
	if local.Hour() >= rollHour {
		local = local.AddDate(0, 0, 1)
	}
	switch local.Weekday() {
	case time.Saturday:
		local = local.AddDate(0, 0, 2)
	case time.Sunday:
		local = local.AddDate(0, 0, 1)
	}
	return local.Format(time.DateOnly)
}
