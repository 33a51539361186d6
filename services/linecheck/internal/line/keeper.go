package line

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// EarmarkChange is the new earmark of a line check for a trade. An empty one is to be removed.
type EarmarkChange struct {
	Check string
	Earmark
}

// ChangedEarmarks returns the changed earmarks, by line check and trade.
func (b *Book) ChangedEarmarks() []EarmarkChange {
	list := make([]EarmarkChange, 0, len(b.changes.kept))
	for k, e := range b.changes.kept {
		list = append(list, EarmarkChange{k.check, e})
	}
	slices.SortFunc(list, func(x, y EarmarkChange) int {
		return cmp.Or(cmp.Compare(x.Check, y.Check), cmp.Compare(x.Trade, y.Trade))
	})
	return list
}

// ConsumeFor consumes a part of a line check's reservation for a trade that has not come yet; a part of zero means all that is open.
// Errors: as of [Book.ResolvePart].
func (b *Book) ConsumeFor(id, trade string, part decimal.Decimal) (Reservation, error) {
	return b.resolveFor(id, trade, func(r Reservation) (Reservation, error) { return r.consumedFor(trade, part) })
}

// ReverseFor reverses a part of what was consumed of a line check's reservation for a trade that has not come yet; a part of zero means
// all of that. Errors: as of [Book.ResolvePart].
func (b *Book) ReverseFor(id, trade string, part decimal.Decimal) (Reservation, error) {
	return b.resolveFor(id, trade, func(r Reservation) (Reservation, error) { return r.reversedFor(trade, part) })
}

// resolveFor replaces a reservation by what a step for a trade makes of it.
func (b *Book) resolveFor(id, trade string, step func(Reservation) (Reservation, error)) (Reservation, error) {
	r, ok := b.reservations[id]
	if !ok {
		return r, fmt.Errorf("resolve %s for %s: %w", id, trade, ErrUnknown)
	}
	next, err := step(r)
	if err == nil {
		err = b.put(next)
	}
	if err != nil {
		return r, fmt.Errorf("resolve %s for %s: %w", id, trade, err)
	}
	return next, nil
}

// Keeper returns the line check that keeps a part for a trade, among those that own accepts; false if there is none. Nobody can
// keep anything for the trade of another, whose id can be guessed, so own accepts the checks of the trade's owner alone.
func (b *Book) Keeper(trade string, own func(Reservation) bool) (Reservation, bool) {
	for _, id := range b.keepers[trade] {
		if r := b.reservations[id]; own(r) && r.indexOf(trade) >= 0 {
			return r, true
		}
	}
	return Reservation{}, false
}

// index notes for which trades a reservation keeps a part.
func (b *Book) index(r Reservation) {
	for _, e := range r.Earmarks {
		if !slices.Contains(b.keepers[e.Trade], r.ID) {
			b.keepers[e.Trade] = append(b.keepers[e.Trade], r.ID)
		}
	}
}
