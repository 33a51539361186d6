package line

import (
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// Book is the lines' use as one transaction works on it: the usage, buckets and reservations that were loaded under
// lock, changed step by step in memory, and the changes to be stored. A step that fails leaves the book as it was.
//
// A later action on a trade (join, split, extend …) exchanges old for new exposure at once, so that the line never
// carries both: its place is a Swap beside [Book.Reserve], which ends some reservations and makes others in one step.
type Book struct {
	usage        map[Node]Usage
	settled      map[Bucket]decimal.Decimal
	reservations map[string]Reservation
	changes      changes
}

// Errors of a book.
var (
	// ErrNotLoaded says that the transaction did not load what a step needs; with a fresh load the step may succeed.
	ErrNotLoaded = errors.New("not loaded")
	// ErrUnknown says that there is no such reservation.
	ErrUnknown = errors.New("unknown reservation")
	// ErrExists says that there is such a reservation already.
	ErrExists = errors.New("reservation exists")
)

// NewBook returns a book with nothing loaded.
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

// LoadSettled puts a bucket's stored amount into the book; zero for one that is not stored.
func (b *Book) LoadSettled(k Bucket, amount decimal.Decimal) { b.settled[k] = amount }

// LoadReservation puts a stored reservation into the book.
func (b *Book) LoadReservation(r Reservation) { b.reservations[r.ID] = r }

// Usage returns a node's use, all steps so far included.
func (b *Book) Usage(n Node) (Usage, error) {
	u, ok := b.usage[n]
	if !ok {
		return Usage{}, fmt.Errorf("usage of %s: %w", n, ErrNotLoaded)
	}
	return u, nil
}

// Settled returns a bucket's amount, all steps so far included.
func (b *Book) Settled(k Bucket) (decimal.Decimal, error) {
	amount, ok := b.settled[k]
	if !ok {
		return decimal.Zero, fmt.Errorf("settlement of %s on %s: %w", k.Node, k.ValueDate.Format(time.DateOnly), ErrNotLoaded)
	}
	return amount.Add(b.changes.settled[k]), nil
}

// Reservation finds a reservation by its id.
func (b *Book) Reservation(id string) (Reservation, bool) {
	r, ok := b.reservations[id]
	return r, ok
}

// Reserve takes an exposure that has passed [Book.Check] under the same locks.
func (b *Book) Reserve(r Reservation) error {
	r.State = Reserved
	return b.add(r)
}

// Record takes the exposure of a registered trade that has no reservation. It is a fact: no line is asked.
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

// Resolve takes a step with a reservation. It returns [ErrUnknown] where there is none and an [*EndedError] where the
// step is not allowed any more. Every reservation is resolved once; registering it again changes nothing.
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

// ExpireDue expires every loaded reservation whose time is up, as far as its nodes are loaded too; the others are left
// to whoever loads them. It returns how many it has expired.
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

// Withdraw takes back every loaded reservation that a provider has made by a check and not used, as far as its nodes are
// loaded too; the others are left to whoever loads them. It returns how many it has taken back.
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

// Loaded is the number of reservations in the book.
func (b *Book) Loaded() int { return len(b.reservations) }

// move carries a reservation's exposure from one state to another, on all of its nodes or on none. The empty state is
// that of a reservation which is not there yet.
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

// settle keeps the buckets: they hold what is due from open and consumed reservations alike.
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
