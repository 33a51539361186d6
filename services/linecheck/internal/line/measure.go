package line

import (
	"fmt"
	"maps"
	"slices"
)

// Measure gives a reservation that was made without figures what its deal uses. The reservation counts that, or what its line check had
// reserved where that is more. A netted reservation stays in its netting sets, and another one stays gross. No line is checked: the
// deal is done. Errors: [ErrUnknown], [ErrNotLoaded].
func (b *Book) Measure(id string, x Exposure) (Reservation, error) {
	r, ok := b.reservations[id]
	if !ok {
		return r, fmt.Errorf("measure %s: %w", id, ErrUnknown)
	}
	next := r
	next.Measure(x)
	if err := b.move(r, next); err != nil {
		return r, fmt.Errorf("measure %s: %w", id, err)
	}
	b.reservations[id] = next
	if !b.changes.isAdded[id] {
		b.changes.measured[id] = next
	}
	return next, nil
}

// Measure gives the reservation the figures of its deal; see [Book.Measure].
func (r *Reservation) Measure(x Exposure) {
	r.Exposure, r.Settlements = r.Covers(r.Terms.Amount, x.Amount, x.Settlements)
}

// Measured returns the stored reservations whose exposure and settlements have changed, sorted by id.
func (b *Book) Measured() []Reservation {
	list := make([]Reservation, 0, len(b.changes.measured))
	for _, id := range slices.Sorted(maps.Keys(b.changes.measured)) {
		list = append(list, b.changes.measured[id])
	}
	return list
}
