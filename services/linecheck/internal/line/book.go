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
// never carries both, as [Book.TakeOver] does.
type Book struct {
	usage        map[Node]Usage
	members      map[Member]decimal.Decimal
	sets         map[Set]Netting
	effects      map[Agreement]Effect
	settled      map[Bucket]decimal.Decimal
	reservations map[string]Reservation
	keepers      map[string][]string // trade id -> line checks that keep or kept a part for it
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
		members:      map[Member]decimal.Decimal{},
		sets:         map[Set]Netting{},
		effects:      map[Agreement]Effect{},
		settled:      map[Bucket]decimal.Decimal{},
		reservations: map[string]Reservation{},
		keepers:      map[string][]string{},
		changes:      newChanges(),
	}
}

// LoadUsage puts a node's stored usage into the book.
func (b *Book) LoadUsage(n Node, u Usage) { b.usage[n] = u }

// CountChanges has the usage of each node of the loaded reservations begin at zero, where it is not loaded: what the book then has as a node's
// usage is the change of it. It is for steps that check no line.
func (b *Book) CountChanges() {
	for _, r := range b.reservations {
		for _, n := range r.Path.Nodes() {
			if _, loaded := b.usage[n]; !loaded {
				b.usage[n] = Usage{}
			}
		}
	}
}

// LoadSet puts a stored netting set into the book. A set that is not stored is empty.
func (b *Book) LoadSet(s Set, n Netting) { b.sets[s] = n }

// LoadSettled puts a bucket's stored amount into the book. A bucket that is not stored has the amount zero.
func (b *Book) LoadSettled(k Bucket, amount decimal.Decimal) { b.settled[k] = amount }

// LoadReservation puts a stored reservation into the book.
func (b *Book) LoadReservation(r Reservation) {
	r = r.trimmed()
	b.reservations[r.ID] = r
	b.index(r)
}

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
	r.State, r.Open, r.Taken = Reserved, r.Terms.Amount, decimal.Zero
	return b.add(r)
}

// Record adds the exposure of a registered trade that has no reservation, as consumed. The trade is a fact, so no line
// is checked. From its line check, r.From, it takes what the check still holds of the part; a check that does not exist is forgotten.
// Errors: ErrExists, ErrNotLoaded.
func (b *Book) Record(r Reservation) error {
	source, known := b.reservations[r.From.ID]
	if !known {
		r.From = Source{}
	}
	r.State, r.Open, r.Taken = Consumed, decimal.Zero, r.Terms.Amount
	if known {
		source, r.From = source.takenAgain(r)
	}
	if err := b.add(r); err != nil || !known {
		return err
	}
	return b.put(source)
}

// TakeOver adds the open reservation of a trade that takes a part of a line check's reservation over, r.From. The exposure
// moves from one to the other, so the lines carry it once and are not checked again. The trade takes first what was consumed for
// it. r.Exposure and r.Settlements are what the
// trade needs by itself: the trade gets the check's share, or what it needs if that is more. All of it is open for the trade;
// r.From remembers what of it the check had consumed, for [Book.End]. step is Use or Report. It returns the trade's
// reservation. Errors: ErrExists, ErrUnknown, ErrNotLoaded, [*EndedError], [*ShortError].
func (b *Book) TakeOver(r Reservation, step Step) (Reservation, error) {
	return b.replace(r, step, func(source Reservation) Reservation {
		r.Path = source.Path
		r.Exposure, r.Settlements = source.Covers(r.From.Part, r.Exposure, r.Settlements)
		return r
	})
}

// Displace adds the open reservation of a trade that uses a part of a line check up, r.From, but has other terms than were checked.
// The trade counts r.Exposure and r.Settlements, and the lines do not carry the part any more. Otherwise it is like
// [Book.TakeOver]; the caller has passed what the trade needs more to [Book.Check].
func (b *Book) Displace(r Reservation, step Step) (Reservation, error) {
	return b.replace(r, step, func(Reservation) Reservation { return r })
}

// replace takes r.From from its line check and adds the reservation that counts instead.
func (b *Book) replace(r Reservation, step Step, counting func(source Reservation) Reservation) (Reservation, error) {
	source, ok := b.reservations[r.From.ID]
	if !ok {
		return r, fmt.Errorf("%s %s: %w", step, r.From.ID, ErrUnknown)
	}
	if _, twice := b.reservations[r.ID]; twice {
		return r, fmt.Errorf("reserve %s: %w", r.ID, ErrExists)
	}
	rest, taken, err := source.takenOver(step, r.ID, r.From.Part)
	if err != nil {
		return r, err
	}
	r = counting(source)
	r.From.Taken = taken
	if err := b.Reserve(r); err != nil {
		return r, err
	}
	return b.reservations[r.ID], b.put(rest)
}

func (b *Book) add(r Reservation) error {
	if _, ok := b.reservations[r.ID]; ok {
		return fmt.Errorf("reserve %s: %w", r.ID, ErrExists)
	}
	nothing := r
	nothing.Open, nothing.Taken = decimal.Zero, decimal.Zero
	if err := b.move(nothing, r); err != nil {
		return fmt.Errorf("reserve %s: %w", r.ID, err)
	}
	b.reservations[r.ID] = r
	b.changes.add(r)
	return nil
}

// Resolve applies a step to the whole of a reservation that the step applies to; see [Book.ResolvePart].
func (b *Book) Resolve(id string, step Step) (Reservation, error) {
	return b.ResolvePart(id, step, decimal.Zero)
}

// ResolvePart applies a step to a part of a reservation and returns its new form. It returns [ErrUnknown] if the reservation
// does not exist, an [*EndedError] if its state does not allow the step, a [*ShortError] if the part is too large, and
// [ErrNotLoaded] if its nodes are not loaded. Registering a consumed reservation again changes nothing.
func (b *Book) ResolvePart(id string, step Step, part decimal.Decimal) (Reservation, error) {
	r, ok := b.reservations[id]
	if !ok {
		return Reservation{}, fmt.Errorf("%s %s: %w", step, id, ErrUnknown)
	}
	next, err := r.After(step, part)
	if err != nil {
		return r, fmt.Errorf("%s %s: %w", step, id, err)
	}
	if err := b.put(next); err != nil {
		return r, fmt.Errorf("%s %s: %w", step, id, err)
	}
	return next, nil
}

// put replaces a reservation by its new form.
func (b *Book) put(next Reservation) error {
	r := b.reservations[next.ID]
	if next.State == r.State && next.Settled == r.Settled && next.Open.Equal(r.Open) && next.Taken.Equal(r.Taken) && sameEarmarks(r, next) {
		return nil
	}
	if err := b.move(r, next); err != nil {
		return err
	}
	b.reservations[next.ID] = next
	b.changes.resolve(next)
	b.changes.keep(r, next)
	b.index(next)
	return nil
}

// ExpireDue expires every loaded reservation that is due. It skips a reservation whose nodes or line check are not loaded; a
// transaction that loads them expires it later. It returns the number of expired reservations.
func (b *Book) ExpireDue(now time.Time) int {
	n := 0
	for id, r := range b.reservations {
		if !r.Due(now) {
			continue
		}
		if _, err := b.End(id, Expire, now); err == nil {
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

// Note sets the record of a reservation that is in the book.
func (b *Book) Note(id string, record Record) {
	r := b.reservations[id]
	r.Record = record
	b.reservations[id] = r
}

// Loaded returns the number of reservations in the book.
func (b *Book) Loaded() int { return len(b.reservations) }

// move changes the usage of a reservation's nodes from what it used before to what it uses now, on all of them or, if one is
// not loaded, on none.
func (b *Book) move(before, now Reservation) error {
	nodes, client := now.Path.Nodes(), now.Path.Client
	was, is := before.use(), now.use()
	changed, shifts := make([]Usage, len(nodes)), make([]shift, len(nodes))
	for i, n := range nodes {
		u, err := b.Usage(n)
		if err != nil {
			return err
		}
		if shifts[i], err = b.shift(Agreement{n, client, now.Terms.Pair}, was, is); err != nil {
			return err
		}
		changed[i] = u.plus(shifts[i].change)
	}
	for i, n := range nodes {
		b.usage[n], b.changes.usage[n] = changed[i], changed[i]
		b.settle(n, before.Receivables(), now.Receivables())
		b.take(Agreement{n, client, now.Terms.Pair}, shifts[i])
		if n.Level == Group {
			m := Member{n.ID, client}
			b.changes.members[m] = b.changes.members[m].Add(shifts[i].change.Used())
		}
	}
	return nil
}

// settle changes the settlement buckets of a node from the receivables before to those now.
func (b *Book) settle(n Node, before, now []Settlement) {
	for _, s := range before {
		k := Bucket{n, s.ValueDate}
		b.changes.settled[k] = b.changes.settled[k].Sub(s.Amount)
	}
	for _, s := range now {
		k := Bucket{n, s.ValueDate}
		b.changes.settled[k] = b.changes.settled[k].Add(s.Amount)
	}
}
