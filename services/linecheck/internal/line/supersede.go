package line

import (
	"errors"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"
)

// ErrTooSmall means that a part of a swap is so small that nothing of one of its legs is left.
var ErrTooSmall = errors.New("nothing is left of a leg")

// Parts divides what a registered trade uses among trades that take its place. The amounts add up to the trade's. Every figure of the parts adds up to the trade's,
// too: each cut is rounded up to the minor unit, and a part has what lies between two cuts. So the lines carry the same before and after. Error: the amounts
// are not positive, or do not add up; [ErrTooSmall].
func (r Reservation) Parts(ids []string, amounts []decimal.Decimal) ([]Reservation, error) {
	parts, upTo := make([]Reservation, len(amounts)), decimal.Zero
	for i, amount := range amounts {
		from := upTo
		upTo = upTo.Add(amount)
		if !amount.IsPositive() || upTo.GreaterThan(r.Terms.Amount) {
			return nil, fmt.Errorf("part %d of %s has the amount %s of %s", i+1, r.ID, readable(amount), readable(r.Terms.Amount))
		}
		parts[i] = r.between(from, upTo)
		if parts[i].Swap.IsZero() != r.Swap.IsZero() {
			return nil, fmt.Errorf("part %d of %s: %w", i+1, r.ID, ErrTooSmall)
		}
		parts[i].ID, parts[i].Terms.Amount = ids[i], amount
	}
	if !upTo.Equal(r.Terms.Amount) {
		return nil, fmt.Errorf("the parts of %s come to %s of %s", r.ID, readable(upTo), readable(r.Terms.Amount))
	}
	return parts, nil
}

// between returns the reservation with the figures that lie between two cuts of the amount.
func (r Reservation) between(from, upTo decimal.Decimal) Reservation {
	figure := func(whole decimal.Decimal) decimal.Decimal { return r.share(whole, upTo).Sub(r.share(whole, from)) }
	exchange := func(x Exchange) Exchange { return Exchange{figure(x.Base), figure(x.Quote), figure(x.Value)} }
	p := r
	p.Exposure, p.Exchange = figure(r.Exposure), exchange(r.Exchange)
	p.Swap.Far, p.Swap.Near = figure(r.Swap.Far), Sum{figure(r.Swap.Near.Exposure), exchange(r.Swap.Near.Exchange)}
	p.Settlements = slices.Clone(r.Settlements)
	for i := range p.Settlements {
		p.Settlements[i].Amount = figure(r.Settlements[i].Amount)
	}
	p.From, p.Earmarks = Source{}, nil // what the trade took of a line check stays with the trade
	return p
}

// Supersede ends registered trades and begins others in their place, as one change: no line carries both, or neither. What begins is consumed, and no line is
// checked: the caller knows that it needs no more, or has passed it to [Book.Check] as if the ended trades did not count. Errors: [ErrUnknown], [ErrExists], [ErrNotLoaded], and an
// [*EndedError] for a trade that is not registered yet, is settled, or has ended. The book is then unchanged.
func (b *Book) Supersede(ended []string, begun []Reservation) error {
	nexts := make([]Reservation, len(ended))
	for i, id := range ended {
		r, known := b.reservations[id]
		if !known {
			return fmt.Errorf("supersede %s: %w", id, ErrUnknown)
		}
		var err error
		if nexts[i], err = r.After(Supersede, decimal.Zero); err == nil {
			err = b.has(r)
		}
		if err != nil {
			return fmt.Errorf("supersede %s: %w", id, err)
		}
	}
	for i, r := range begun {
		if _, twice := b.reservations[r.ID]; twice || slices.ContainsFunc(begun[:i], func(other Reservation) bool { return other.ID == r.ID }) {
			return fmt.Errorf("begin %s: %w", r.ID, ErrExists)
		}
		begun[i].State, begun[i].Open, begun[i].Taken = Consumed, decimal.Zero, r.Terms.Amount
		if err := b.has(begun[i]); err != nil {
			return fmt.Errorf("begin %s: %w", r.ID, err)
		}
	}
	for _, next := range nexts {
		if err := b.put(next); err != nil {
			return err // nothing is missing: it was loaded a moment ago
		}
	}
	for _, r := range begun {
		if err := b.add(r); err != nil {
			return err
		}
	}
	return nil
}

// has returns ErrNotLoaded if the book lacks something that a reservation uses.
func (b *Book) has(r Reservation) error {
	for _, n := range r.Path.Nodes() {
		if _, err := b.Usage(n); err != nil {
			return err
		}
		if _, err := b.shift(Agreement{n, r.Path.Client, r.Terms.Pair}, use{}, r.use()); err != nil {
			return err
		}
	}
	return nil
}

// ErrDiffer means that trades cannot become one on the lines.
var ErrDiffer = errors.New("they are no deals of one kind")

// Together adds up what registered trades use, for the one trade that takes their place. All of them have the same nodes, terms and value dates; only amounts differ. Error: [ErrDiffer].
func Together(id string, all []Reservation) (Reservation, error) {
	one := all[0]
	one.ID, one.From, one.Earmarks, one.Settlements = id, Source{}, nil, slices.Clone(one.Settlements)
	for _, r := range all[1:] {
		if !one.like(r) {
			return one, fmt.Errorf("put %s and %s together: %w", all[0].ID, r.ID, ErrDiffer)
		}
		one.Terms.Amount, one.Exposure = one.Terms.Amount.Add(r.Terms.Amount), one.Exposure.Add(r.Exposure)
		one.Exchange = Sum{Exchange: one.Exchange}.plus(Sum{Exchange: r.Exchange}).Exchange
		one.Swap.Near, one.Swap.Far = one.Swap.Near.plus(r.Swap.Near), one.Swap.Far.Add(r.Swap.Far)
		for i := range one.Settlements {
			one.Settlements[i].Amount = one.Settlements[i].Amount.Add(r.Settlements[i].Amount)
		}
	}
	return one, nil
}

// like reports whether two reservations differ in nothing but their amounts.
func (r Reservation) like(other Reservation) bool {
	terms := other.Terms
	terms.Amount = r.Terms.Amount
	return r.Terms == terms && r.Path == other.Path && r.Kind == other.Kind && r.Settled == other.Settled && r.Swap.IsZero() == other.Swap.IsZero() &&
		r.Swap.NearDate == other.Swap.NearDate &&
		slices.EqualFunc(r.Settlements, other.Settlements, func(x, y Settlement) bool { return x.ValueDate.Equal(y.ValueDate) })
}
