package line

import (
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// Book holds the usage, settlement buckets and reservations that one transaction has loaded under locks. Steps change
// it in memory, and it records the changes to be stored. A step that fails leaves the book unchanged. A Book is not
// safe for concurrent use.
//
// A later action on a trade (join, split, extend …) will replace old exposure by new in one step, so that the line
// never carries both. That step, which resolves some reservations and makes others, belongs beside [Book.Reserve].
type Book struct {
	usage        map[Node]Usage
	settled      map[Bucket]decimal.Decimal
	reservations map[string]Reservation
	changes      changes
}

// Errors of a book.
var (
	// ErrNotLoaded means that the transaction did not load data that a step needs. The step may succeed after a new load.
	ErrNotLoaded = errors.New("not loaded")
	// ErrUnknown means that the reservation does not exist.
	ErrUnknown = errors.New("unknown reservation")
	// ErrExists means that the reservation exists already.
	ErrExists = errors.New("reservation exists")
)

// NewBook returns an empty book.
func NewBook() *Book {
	return &Book{
		usage:        map[Node]Usage{},
		settled:      map[Bucket]decimal.Decimal{},
		reservations: map[string]Reservation{},
		changes:      newChanges(),
	}
}

// LoadUsage puts a node's stored usage into the book.
func (b *Book) LoadUsage(n Node, u Usage) { b.usage[n] = u }

// LoadSettled puts a bucket's stored amount into the book. A bucket that is not stored has the amount zero.
func (b *Book) LoadSettled(k Bucket, amount decimal.Decimal) { b.settled[k] = amount }

// LoadReservation puts a stored reservation into the book.
func (b *Book) LoadReservation(r Reservation) { b.reservations[r.ID] = r }

// Usage returns a node's usage, including all steps so far. Error: ErrNotLoaded.
func (b *Book) Usage(n Node) (Usage, error) {
	u, ok := b.usage[n]
	if !ok {
		return Usage{}, fmt.Errorf("usage of %s: %w", n, ErrNotLoaded)
	}
	return u, nil
}

// Settled returns a bucket's amount, including all steps so far. Error: ErrNotLoaded.
func (b *Book) Settled(k Bucket) (decimal.Decimal, error) {
	amount, ok := b.settled[k]
	if !ok {
		return decimal.Zero, fmt.Errorf("settlement of %s on %s: %w", k.Node, k.ValueDate.Format(time.DateOnly), ErrNotLoaded)
	}
	return amount.Add(b.changes.settled[k]), nil
}

// Reservation returns the loaded or new reservation of an id, and false if there is none.
func (b *Book) Reservation(id string) (Reservation, bool) {
	r, ok := b.reservations[id]
	return r, ok
}

// Reserve adds an open reservation. The caller must have passed its exposure to [Book.Check] under the same locks;
// Reserve does not check the lines. Errors: ErrExists, ErrNotLoaded.
func (b *Book) Reserve(r Reservation) error {
	r.State = Reserved
	return b.add(r)
}

// Record adds the exposure of a registered trade that has no reservation, as consumed. The trade is a fact, so no line
// is checked. Errors: ErrExists, ErrNotLoaded.
func (b *Book) Record(r Reservation) error {
	r.State = Consumed
	return b.add(r)
}

func (b *Book) add(r Reservation) error {
	if _, ok := b.reservations[r.ID]; ok {
		return fmt.Errorf("reserve %s: %w", r.ID, ErrExists)
	}
	if err := b.move(r, "", r.State); err != nil {
		return fmt.Errorf("reserve %s: %w", r.ID, err)
	}
	b.reservations[r.ID] = r
	b.changes.add(r)
	return nil
}

// Resolve applies a step to a reservation and returns its new form. It returns [ErrUnknown] if the reservation does not
// exist, an [*EndedError] if its state does not allow the step, and [ErrNotLoaded] if its nodes are not loaded. A
// reservation is resolved once. Registering a consumed reservation again changes nothing.
func (b *Book) Resolve(id string, step Step) (Reservation, error) {
	r, ok := b.reservations[id]
	if !ok {
		return Reservation{}, fmt.Errorf("%s %s: %w", step, id, ErrUnknown)
	}
	next, err := r.State.After(step)
	if err != nil {
		return r, fmt.Errorf("%s %s: %w", step, id, err)
	}
	if next == r.State {
		return r, nil
	}
	if err := b.move(r, r.State, next); err != nil {
		return r, fmt.Errorf("%s %s: %w", step, id, err)
	}
	r.State = next
	b.reservations[id] = r
	b.changes.resolve(id, next)
	return r, nil
}

// ExpireDue expires every loaded reservation that is due. It skips a reservation whose nodes are not loaded; a
// transaction that loads them expires it later. It returns the number of expired reservations.
func (b *Book) ExpireDue(now time.Time) int {
	n := 0
	for id, r := range b.reservations {
		if !r.Due(now) {
			continue
		}
		if _, err := b.Resolve(id, Expire); err == nil {
			n++
		}
	}
	return n
}

// Withdraw withdraws every loaded open reservation that the provider made by a line check. It skips a reservation whose
// nodes are not loaded; a transaction that loads them withdraws it later. It returns the number of withdrawn
// reservations.
func (b *Book) Withdraw(provider string) int {
	n := 0
	for id, r := range b.reservations {
		if r.Provider != provider || r.Kind != ForCheck {
			continue
		}
		if _, err := b.Resolve(id, Withdraw); err == nil {
			n++
		}
	}
	return n
}

// Loaded returns the number of reservations in the book.
func (b *Book) Loaded() int { return len(b.reservations) }

// move moves a reservation's exposure from one state to another, on all of its nodes or, if one is not loaded, on none.
// The empty state is that of a new reservation.
func (b *Book) move(r Reservation, from, to State) error {
	nodes := r.Path.Nodes()
	for _, n := range nodes {
		if _, err := b.Usage(n); err != nil {
			return err
		}
	}
	for _, n := range nodes {
		b.usage[n] = b.usage[n].moved(r.Exposure, from, to)
		b.changes.usage[n] = b.usage[n]
		b.settle(n, r.Settlements, from, to)
	}
	return nil
}

// settle updates the settlement buckets. They hold the amounts due from open and consumed reservations alike.
func (b *Book) settle(n Node, settlements []Settlement, from, to State) {
	if from.Holds() == to.Holds() {
		return
	}
	for _, s := range settlements {
		amount := s.Amount
		if from.Holds() {
			amount = amount.Neg()
		}
		k := Bucket{n, s.ValueDate}
		b.changes.settled[k] = b.changes.settled[k].Add(amount)
	}
}
