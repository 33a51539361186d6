package line

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// Delete frees all that a registered trade uses, because the trade should never have been booked. Nothing goes back to a line check that the trade
// took over: the check's provider has dealt. A netted trade leaves its netting sets, so the others of a set may use more: no line is checked, because
// the deletion is a fact. A deleted trade stays deleted. Errors: [ErrUnknown], [ErrNotLoaded], and an [*EndedError] for a trade that is not
// registered yet, or that is settled.
func (b *Book) Delete(id string) (Reservation, error) {
	r, known := b.reservations[id]
	if !known {
		return r, fmt.Errorf("delete %s: %w", id, ErrUnknown)
	}
	next, err := r.After(Delete, decimal.Zero)
	if err == nil {
		err = b.put(next)
	}
	if err != nil {
		return r, fmt.Errorf("delete %s: %w", id, err)
	}
	return next, nil
}
