package line

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// changes records what must be stored.
type changes struct {
	usage    map[Node]Usage
	settled  map[Bucket]decimal.Decimal
	sets     map[Set]Netting
	effects  map[Agreement]Effect
	members  map[Member]decimal.Decimal
	added    []string
	isAdded  map[string]bool
	resolved map[string]Reservation
	measured map[string]Reservation
	kept     map[keeping]Earmark // an empty one is to be removed
}

// keeping names an earmark.
type keeping struct{ check, trade string }

func newChanges() changes {
	return changes{
		usage:    map[Node]Usage{},
		settled:  map[Bucket]decimal.Decimal{},
		sets:     map[Set]Netting{},
		effects:  map[Agreement]Effect{},
		members:  map[Member]decimal.Decimal{},
		isAdded:  map[string]bool{},
		resolved: map[string]Reservation{},
		measured: map[string]Reservation{},
		kept:     map[keeping]Earmark{},
	}
}

func (c *changes) add(r Reservation) {
	c.added = append(c.added, r.ID)
	c.isAdded[r.ID] = true
}

// resolve records a new form. It ignores a reservation that is new in this book, because that is stored as it is in the end.
func (c *changes) resolve(r Reservation) {
	if !c.isAdded[r.ID] {
		c.resolved[r.ID] = r
	}
}

// keep records which earmarks of a reservation have changed.
func (c *changes) keep(before, now Reservation) {
	for _, e := range before.Earmarks {
		if now.indexOf(e.Trade) < 0 {
			c.kept[keeping{now.ID, e.Trade}] = Earmark{Trade: e.Trade}
		}
	}
	for _, e := range now.Earmarks {
		c.kept[keeping{now.ID, e.Trade}] = e
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

// SetChange is the new usage of a netting set.
type SetChange struct {
	Set     Set
	Netting Netting
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

// ChangedMembers returns the changes of members' exposures, by group and client.
func (b *Book) ChangedMembers() []MemberChange {
	list := make([]MemberChange, 0, len(b.changes.members))
	for m, amount := range b.changes.members {
		if !amount.IsZero() {
			list = append(list, MemberChange{m, amount})
		}
	}
	slices.SortFunc(list, func(x, y MemberChange) int {
		return cmp.Or(strings.Compare(y.Member.Group, x.Member.Group), strings.Compare(x.Member.Client, y.Member.Client))
	})
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

// Resolved returns the stored reservations whose state, parts or settled legs have changed, sorted by id.
func (b *Book) Resolved() []Reservation {
	list := make([]Reservation, 0, len(b.changes.resolved))
	for _, id := range slices.Sorted(maps.Keys(b.changes.resolved)) {
		list = append(list, b.changes.resolved[id])
	}
	return list
}

// ChangedSets returns the netting sets whose usage has changed, nodes in lock order.
func (b *Book) ChangedSets() []SetChange {
	list := make([]SetChange, 0, len(b.changes.sets))
	for s, n := range b.changes.sets {
		list = append(list, SetChange{s, n})
	}
	slices.SortFunc(list, func(x, y SetChange) int {
		return cmp.Or(
			strings.Compare(y.Set.Node.String(), x.Set.Node.String()),
			strings.Compare(x.Set.Client, y.Set.Client), strings.Compare(x.Set.Pair, y.Set.Pair),
			cmp.Compare(x.Set.ValueDate, y.Set.ValueDate),
		)
	})
	return list
}

// EffectChange is the new effect of an agreement.
type EffectChange struct {
	Agreement Agreement
	Effect    Effect
}

// ChangedEffects returns the agreements whose effect has changed, nodes in lock order.
func (b *Book) ChangedEffects() []EffectChange {
	list := make([]EffectChange, 0, len(b.changes.effects))
	for a, e := range b.changes.effects {
		list = append(list, EffectChange{a, e})
	}
	slices.SortFunc(list, func(x, y EffectChange) int {
		return cmp.Or(
			strings.Compare(y.Agreement.Node.String(), x.Agreement.Node.String()),
			strings.Compare(x.Agreement.Client, y.Agreement.Client), strings.Compare(x.Agreement.Pair, y.Agreement.Pair),
		)
	})
	return list
}
