package line

import (
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// changes records what must be stored.
type changes struct {
	usage    map[Node]Usage
	settled  map[Bucket]decimal.Decimal
	added    []string
	isAdded  map[string]bool
	resolved map[string]State
}

func newChanges() changes {
	return changes{
		usage:    map[Node]Usage{},
		settled:  map[Bucket]decimal.Decimal{},
		isAdded:  map[string]bool{},
		resolved: map[string]State{},
	}
}

func (c *changes) add(r Reservation) {
	c.added = append(c.added, r.ID)
	c.isAdded[r.ID] = true
}

// resolve records a new state. It ignores a reservation that is new in this book, because that is stored with its
// state.
func (c *changes) resolve(id string, s State) {
	if !c.isAdded[id] {
		c.resolved[id] = s
	}
}

// NodeUsage is a node with its new usage.
type NodeUsage struct {
	Node  Node
	Usage Usage
}

// BucketChange is an amount to add to a bucket. It may be negative.
type BucketChange struct {
	Bucket Bucket
	Amount decimal.Decimal
}

// StateChange is the new state of a reservation.
type StateChange struct {
	ID    string
	State State
}

// ChangedUsage returns the nodes whose usage has changed, with their current usage, in lock order.
func (b *Book) ChangedUsage() []NodeUsage {
	list := make([]NodeUsage, 0, len(b.changes.usage))
	for n, u := range b.changes.usage {
		list = append(list, NodeUsage{n, u})
	}
	slices.SortFunc(list, func(x, y NodeUsage) int { return strings.Compare(y.Node.String(), x.Node.String()) })
	return list
}

// ChangedBuckets returns the changes of buckets, with nodes in lock order and then by value date.
func (b *Book) ChangedBuckets() []BucketChange {
	list := make([]BucketChange, 0, len(b.changes.settled))
	for k, amount := range b.changes.settled {
		if !amount.IsZero() {
			list = append(list, BucketChange{k, amount})
		}
	}
	slices.SortFunc(list, func(x, y BucketChange) int {
		if c := strings.Compare(y.Bucket.Node.String(), x.Bucket.Node.String()); c != 0 {
			return c
		}
		return x.Bucket.ValueDate.Compare(y.Bucket.ValueDate)
	})
	return list
}

// Added returns the new reservations in the order in which they were made, in their current state.
func (b *Book) Added() []Reservation {
	list := make([]Reservation, len(b.changes.added))
	for i, id := range b.changes.added {
		list[i] = b.reservations[id]
	}
	return list
}

// Resolved returns the stored reservations whose state has changed, sorted by id.
func (b *Book) Resolved() []StateChange {
	list := make([]StateChange, 0, len(b.changes.resolved))
	for _, id := range slices.Sorted(maps.Keys(b.changes.resolved)) {
		list = append(list, StateChange{id, b.changes.resolved[id]})
	}
	return list
}
