package line

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// Settle frees what a settled leg of a trade used; leg is 1 for the near leg or the only one, 2 for the far leg of a swap. Its
// settlement on its value date is free. The exposure is free once all legs are settled: a swap counts one leg, so the near leg has
// no part of it. A netted leg leaves its netting set, so the others of the set may use more: no line is checked, because the
// settlement is a fact.
//
// A trade that is settled is registered. So a leg may be settled in any state of the reservation, whatever the order of the two
// messages. A leg that is settled already changes nothing. Errors: [ErrUnknown], [ErrNotLoaded], and one for a leg that the
// reservation does not have.
func (b *Book) Settle(id string, leg int) (Reservation, error) {
	source, next, err := b.registered(id)
	if err == nil {
		next, err = next.settled(leg)
	}
	if err == nil {
		err = b.putBoth(source, next)
	}
	if err != nil {
		return next, fmt.Errorf("settle leg %d of %s: %w", leg, id, err)
	}
	return next, nil
}

// settled returns the reservation of a registered trade after a leg of it is settled.
func (r Reservation) settled(leg int) (Reservation, error) {
	if leg < 1 || leg > r.legs() {
		return r, fmt.Errorf("the reservation has %d", r.legs())
	}
	r.Settled[leg-1] = true
	for _, done := range r.Settled[:r.legs()] {
		if !done {
			return r, nil
		}
	}
	return r.After(Settle, decimal.Zero)
}

// legs returns the number of legs: one if it is not known what settles.
func (r Reservation) legs() int { return min(max(1, len(r.Settlements)), len(r.Settled)) }
