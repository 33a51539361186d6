// Package hours holds the times of day on which dates depend: when a pair's trade date rolls, and until when a currency can
// still settle. Both are data with a date from which they hold. The package is pure.
package hours

import (
	"fmt"
	"time"

	"fxcore/services/contract/fxdate"
)

// TimeOfDay is a time on the clocks of a place. The place's changes of the clock apply.
type TimeOfDay struct {
	hour, minute int
	zone         *time.Location
}

// ParseTimeOfDay reads a time HH:MM and the name of a zone of the tz database, such as 17:00 and America/New_York.
func ParseTimeOfDay(at, zone string) (TimeOfDay, error) {
	clock, err := time.Parse("15:04", at)
	if err != nil {
		return TimeOfDay{}, fmt.Errorf("time of day %q is not HH:MM", at)
	}
	if zone == "" || zone == "Local" {
		return TimeOfDay{}, fmt.Errorf("the time of day %s has no zone", at)
	}
	location, err := time.LoadLocation(zone)
	if err != nil {
		return TimeOfDay{}, fmt.Errorf("time of day %s: %w", at, err)
	}
	return TimeOfDay{hour: clock.Hour(), minute: clock.Minute(), zone: location}, nil
}

// On returns the instant at which the place's clocks show the time on a date.
func (t TimeOfDay) On(d fxdate.Date) time.Time {
	year, month, day := d.Time().Date()
	return time.Date(year, month, day, t.hour, t.minute, 0, 0, t.zone)
}

// dateOf returns the date in the place at an instant.
func (t TimeOfDay) dateOf(at time.Time) fxdate.Date { return fxdate.DateOf(at.In(t.zone)) }

// String returns the time and the zone's name: "17:00 America/New_York".
func (t TimeOfDay) String() string {
	return fmt.Sprintf("%02d:%02d %s", t.hour, t.minute, t.zone)
}
