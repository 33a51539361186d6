package line

import (
	"fmt"
	"maps"

	"github.com/shopspring/decimal"
)

// Agreement identifies the netting sets of a client in one pair at one node.
type Agreement struct {
	Node   Node
	Client string
	Pair   string
}

// Agreement returns the agreement to which the set belongs.
func (s Set) Agreement() Agreement { return Agreement{s.Node, s.Client, s.Pair} }

// Effect is what the deals of an agreement add up to.
type Effect struct {
	Sets  Usage // what the netting sets use
	Lost  Usage // the part of Sets that is a loss which is locked in
	Gross Usage // what the deals would use without the agreement
}

func (e Effect) plus(f Effect) Effect {
	return Effect{e.Sets.plus(f.Sets), e.Lost.plus(f.Lost), e.Gross.plus(f.Gross)}
}

// Usage returns what the deals use of the node's line: what their netting sets use, but no more than the deals would without the
// agreement and the losses that are locked in.
//
// A swap without an agreement counts one leg, because the near leg and the far leg are opposite until the near one is settled.
// In netting sets both legs count, each on its own value date, because each may be offset there without the other. So a swap
// alone would use more with an agreement than without one. The bound prevents that. A loss that is locked in is owed, so the bound
// never cuts it: it counts in full. Open deals offset nothing: see [Netting.Usage].
//
// The database has the same formula, in netted_counted.
func (e Effect) Usage() Usage {
	done := counted(e.Sets.Consumed, e.Lost.Consumed, e.Gross.Consumed)
	used := counted(e.Sets.Used(), e.Lost.Used(), e.Gross.Used())
	return Usage{Reserved: used.Sub(done), Consumed: done}
}

func counted(sets, lost, gross decimal.Decimal) decimal.Decimal {
	return decimal.Min(sets, lost.Add(gross))
}

// LoadEffect puts the stored effect of an agreement into the book. One that is not stored is empty.
func (b *Book) LoadEffect(a Agreement, e Effect) { b.effects[a] = e }

// shift is how the usage of a node changes if a deal changes, with the new netting sets and their new effect.
type shift struct {
	change Usage
	sets   map[Set]Netting
	effect Effect
}

// shift returns how the usage of an agreement's node changes if a deal uses now what it used before. Error: ErrNotLoaded.
func (b *Book) shift(a Agreement, before, now use) (shift, error) {
	if len(before.legs)+len(now.legs) == 0 {
		return shift{change: now.gross.minus(before.gross)}, nil
	}
	effect, ok := b.effects[a]
	if !ok {
		return shift{}, fmt.Errorf("netting of %s in %s at %s: %w", a.Client, a.Pair, a.Node, ErrNotLoaded)
	}
	s := shift{sets: map[Set]Netting{}, effect: effect.plus(Effect{Gross: now.gross.minus(before.gross)})}
	if err := b.moveLegs(a, s.sets, before.legs, Deals.neg); err != nil {
		return shift{}, err
	}
	if err := b.moveLegs(a, s.sets, now.legs, Deals.same); err != nil {
		return shift{}, err
	}
	for set, n := range s.sets {
		s.effect.Sets = s.effect.Sets.plus(n.Usage()).minus(b.sets[set].Usage())
		s.effect.Lost = s.effect.Lost.plus(n.Lost()).minus(b.sets[set].Lost())
	}
	s.change = s.effect.Usage().minus(effect.Usage())
	return s, nil
}

// moveLegs adds legs to the netting sets of an agreement. Error: ErrNotLoaded.
func (b *Book) moveLegs(a Agreement, sets map[Set]Netting, legs []leg, sign func(Deals) Deals) error {
	for _, l := range legs {
		set := Set{a.Node, a.Client, a.Pair, l.date}
		n, ok := sets[set]
		if !ok {
			if n, ok = b.sets[set]; !ok {
				return fmt.Errorf("netting set of %s in %s on %s at %s: %w", a.Client, a.Pair, l.date, a.Node, ErrNotLoaded)
			}
		}
		sets[set] = n.plus(l.side, sign(l.deals))
	}
	return nil
}

// take puts the new netting sets and their effect into the book.
func (b *Book) take(a Agreement, s shift) {
	if s.sets == nil {
		return
	}
	maps.Copy(b.sets, s.sets)
	maps.Copy(b.changes.sets, s.sets)
	b.effects[a], b.changes.effects[a] = s.effect, s.effect
}
