package feed

import (
	"fmt"

	"fxcore/services/contract/fxdate"
	"fxcore/services/market/hours"
)

// rollRecord says when a pair's trade date rolls, from a date on.
type rollRecord struct {
	From string `json:"from"` // YYYY-MM-DD
	At   string `json:"at"`   // HH:MM
	Zone string `json:"zone"` // of the tz database
}

// cutOffRecord says until when a currency can settle on a value date, for value dates from a date on.
type cutOffRecord struct {
	rollRecord
	DaysBefore int `json:"days_before"` // business days
}

func rolls(records []rollRecord) ([]hours.Roll, error) {
	all := make([]hours.Roll, 0, len(records))
	for _, r := range records {
		from, at, err := r.read()
		if err != nil {
			return nil, fmt.Errorf("roll: %w", err)
		}
		all = append(all, hours.Roll{From: from, At: at})
	}
	return all, nil
}

func cutOffs(records []cutOffRecord) (hours.CutOffs, error) {
	all := make([]hours.CutOff, 0, len(records))
	for _, r := range records {
		from, at, err := r.read()
		if err != nil {
			return nil, fmt.Errorf("cut-off: %w", err)
		}
		all = append(all, hours.CutOff{From: from, DaysBefore: r.DaysBefore, At: at})
	}
	return hours.NewCutOffs(all...)
}

func (r rollRecord) read() (from fxdate.Date, at hours.TimeOfDay, err error) {
	if from, err = fxdate.ParseDate(r.From); err != nil {
		return from, at, err
	}
	at, err = hours.ParseTimeOfDay(r.At, r.Zone)
	return from, at, err
}
