package line

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// End ends an open reservation; step is Release or Expire. What a trade took over goes back to its line check in the same
// step: what the check had consumed is consumed there again, always; what was open is open there again if the check lasts at
// now, and free if not. A trade whose reservation expires may still be registered, so the check keeps for it what was consumed. A
// released one does not come any more, also if it had expired: the check keeps nothing for it. Errors: [ErrUnknown], [*EndedError],
// [ErrNotLoaded] also for a line check that is not loaded.
func (b *Book) End(id string, step Step, now time.Time) (Reservation, error) {
	r, source, err := b.traced(id)
	if err != nil {
		return r, fmt.Errorf("%s %s: %w", step, id, err)
	}
	next, err := r.After(step, decimal.Zero)
	if err != nil {
		return r, fmt.Errorf("%s %s: %w", step, id, err)
	}
	if r.State.Holds() {
		source = source.givenBack(r, now)
	}
	if step == Release {
		source = source.keeping(Earmark{Trade: id})
	}
	if err := b.putBoth(source, next); err != nil {
		return r, fmt.Errorf("%s %s: %w", step, id, err)
	}
	return next, nil
}

// Register consumes the whole of a trade's reservation, because the trade is registered. If the reservation had ended, so that
// its line check has back what the trade took over, the trade takes that over again: first what was consumed for it before or
// meanwhile, then what the check still holds of the rest. A reservation whose trade is settled stays as it is. Errors: [ErrUnknown], [ErrNotLoaded].
func (b *Book) Register(id string) (Reservation, error) {
	source, next, err := b.registered(id)
	if err == nil {
		err = b.putBoth(source, next)
	}
	if err != nil {
		return next, fmt.Errorf("register %s: %w", id, err)
	}
	return next, nil
}

// registered returns the forms that a trade's reservation, and that of the line check from which it was taken over, have after
// the trade is registered. It changes nothing.
func (b *Book) registered(id string) (source, next Reservation, err error) {
	r, source, err := b.traced(id)
	if err != nil {
		return source, r, err
	}
	if !r.State.Stands() {
		source, r.From = source.takenAgain(r)
	}
	next, err = r.After(Register, decimal.Zero)
	return source, next, err
}

// Vouch notes that the provider has consumed a part more for a trade that holds its reservation: if the trade comes to nothing, that
// part is consumed again in its line check. Parts add up, to no more than the trade took. No usage changes. Error: [ErrUnknown].
func (b *Book) Vouch(id string, part decimal.Decimal) error {
	r, ok := b.reservations[id]
	if !ok {
		return fmt.Errorf("vouch for %s: %w", id, ErrUnknown)
	}
	if part = decimal.Min(part, r.From.Open()); part.IsPositive() {
		r.From.Taken = r.From.Taken.Add(part)
		b.reservations[id] = r
		b.changes.resolve(r)
	}
	return nil
}

// traced returns a reservation, and that of the line check from which it was taken over; an empty one if there is none.
func (b *Book) traced(id string) (r, source Reservation, err error) {
	r, ok := b.reservations[id]
	if !ok {
		return r, source, ErrUnknown
	}
	if r.From.ID == "" {
		return r, source, nil
	}
	if source, ok = b.reservations[r.From.ID]; !ok {
		return r, source, fmt.Errorf("line check %s: %w", r.From.ID, ErrNotLoaded)
	}
	return r, source, nil
}

// putBoth replaces the reservations of a line check, if there is one, and of a trade. The two have the same nodes and netting
// sets: either both are loaded, or none.
func (b *Book) putBoth(source, trade Reservation) error {
	if source.ID != "" {
		if err := b.put(source); err != nil {
			return err
		}
	}
	return b.put(trade)
}

// givenBack returns the reservation of a line check after that of a trade, which had taken a part of it over, has ended. It keeps for
// the trade what is consumed again.
func (r Reservation) givenBack(trade Reservation, now time.Time) Reservation {
	from := trade.From
	if from.Open().IsPositive() && now.Before(r.ExpiresAt) {
		r = r.afterIfAllowed(GiveBack, from.Open())
	}
	if from.Taken.IsPositive() {
		was := r.Taken
		r = r.afterIfAllowed(Restore, from.Taken)
		mine := r.Earmark(trade.ID)
		mine.Stated = mine.Stated.Add(r.Taken.Sub(was))
		r = r.keeping(mine)
	}
	return r
}

// takenAgain returns the reservation of a line check after a trade, whose own reservation had ended, takes its part over once more, and
// what the trade has of the check then. It takes first what was consumed for it, then what it had taken of what was consumed for
// no trade, and the rest of what is open.
func (r Reservation) takenAgain(trade Reservation) (Reservation, Source) {
	from, mine := trade.From, r.Earmark(trade.ID)
	taken := decimal.Min(from.Part, mine.Amount())
	others := decimal.Max(decimal.Zero, decimal.Min(from.Taken.Sub(taken), r.Taken.Sub(r.earmarked())))
	taken = taken.Add(others)
	from.Taken = decimal.Max(from.Taken, taken)
	open, back := decimal.Min(from.Open(), r.Open), mine.unneeded(from.Part)
	if taken.IsZero() && open.IsZero() {
		return r, from
	}
	r = r.keeping(Earmark{Trade: trade.ID})
	r.Taken, r.Open = r.Taken.Sub(taken).Sub(back), r.Open.Sub(open)
	if !r.Closed {
		r.Open = r.Open.Add(back)
	}
	return r.at(Used), from
}

// afterIfAllowed returns the reservation after a step, or as it is if its state does not allow the step.
func (r Reservation) afterIfAllowed(step Step, part decimal.Decimal) Reservation {
	after, _ := r.After(step, part) // after an error it is r
	return after
}
