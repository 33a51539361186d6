package oracle

import (
	"slices"

	"github.com/shopspring/decimal"
)

// due returns what a registered trade uses of its reservation: all of it, until the last leg is settled, or the trade is deleted.
func (r Reservation) due() decimal.Decimal {
	if r.State == settled || r.State == gone {
		return decimal.Zero
	}
	return r.Amount
}

// freedIsSettled: linecheck frees what settlement has settled, leg by leg, and nothing else. A reservation ends with its last leg.
func freedIsSettled(c *Case) []Violation {
	done := map[SettledLeg]bool{}
	for _, l := range c.Settled {
		done[l] = true
	}
	var found []Violation
	for _, r := range c.Reservations {
		if r.Kind != "trade" {
			continue
		}
		legs := r.legs()
		for i, freed := range legs {
			switch is := done[SettledLeg{r.ID, i + 1}]; {
			case freed && !is:
				found = append(found, broken(r.ID, "leg %d is freed, and not settled", i+1))
			case is && !freed:
				found = append(found, late(r.ID, "leg %d is settled, and not freed", i+1))
			}
		}
		if ended := r.State == settled; ended == slices.Contains(legs, false) {
			found = append(found, broken(r.ID, "of its legs are freed: %v; it is %s", legs, r.State))
		}
	}
	return found
}

// legs tells of each leg whether it is freed.
func (r Reservation) legs() []bool {
	if r.FarDate == "" {
		return []bool{r.NearSettled}
	}
	return []bool{r.NearSettled, r.FarSettled}
}
