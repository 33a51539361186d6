package rules

import (
	"time"

	"fxcore/services/contract/fxdate"
	"fxcore/services/contract/reason"
	"fxcore/services/trading/internal/trade"
)

// valueDate finds the value date of a leg. The date or the tenor of the leg decides; without both, the product's
// convention decides.
func (d *deal) valueDate(i int) (fxdate.Date, error) {
	leg := d.request.Legs[i]
	if leg.ValueDate == "" {
		return d.fromTenor(i, leg.Tenor)
	}
	if d.reported() {
		return d.dates.Stated(leg.ValueDate) // the date of a report is a fact; the reporter's tenor does not matter
	}
	return d.dates.Named(leg.ValueDate, leg.Tenor)
}

// fromTenor returns the value date of a tenor. Without a tenor, a spot trade and a swap's near leg settle on spot.
// Exception: if only the far leg of a swap has a tenor (ON, TN, SN), the near leg settles at the start of that tenor.
func (d *deal) fromTenor(i int, name string) (fxdate.Date, error) {
	if name != "" {
		period, err := d.dates.Tenor(name)
		return period.End, err
	}
	switch {
	case d.request.Product == trade.Spot:
		return d.dates.Deal.Spot, nil
	case d.request.Product == trade.Swap && i == 0:
		far := d.request.Legs[1].Tenor
		if far == "" {
			return d.dates.Deal.Spot, nil
		}
		period, err := d.dates.Tenor(far)
		return period.Start, err
	}
	return 0, reject(reason.InvalidDate, "leg %d has neither a tenor nor a value date; send one", i+1)
}

// instant formats a time for a person, in UTC, to the second.
func instant(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05Z") }
