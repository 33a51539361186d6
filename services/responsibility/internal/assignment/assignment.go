// Package assignment decides which desk and which trader are responsible for a trade.
//
// Somebody always is: where no rule fits, the choice falls back step by step, and the assignment says which rule made it,
// so that wrong static data shows instead of leaving a trade to nobody.
package assignment

import (
	"errors"
	"hash/fnv"
	"maps"
	"slices"
)

// Trade is what an assignment depends on.
type Trade struct {
	ID         string
	Product    string // spot, forward, swap
	ClientDesk string // the desk that looks after the client; may be empty
}

// Desk is a dealing desk as the static data describes it.
type Desk struct {
	ID       string
	Products []string
	Traders  []string // user ids
}

// Assignment is who is responsible, and why.
type Assignment struct {
	Desk   string
	Trader string
	Rule   string
}

// The rules, in the order in which they are tried.
const (
	RuleClientDesk  = "client-desk"  // the client's own desk deals in the product
	RuleProductDesk = "product-desk" // it does not: the first desk that does
	RuleAnyDesk     = "any-desk"     // none does: the first desk that has traders
)

// ErrNobody says that no desk has a trader.
var ErrNobody = errors.New("no desk has a trader")

// Of assigns t to one of the desks, which are keyed by id. The same trade and desks give the same assignment. It fails
// with ErrNobody.
func Of(t Trade, desks map[string]Desk) (Assignment, error) {
	if d, known := desks[t.ClientDesk]; known && d.dealsIn(t.Product) {
		return d.assign(t, RuleClientDesk), nil
	}
	ordered := slices.Sorted(maps.Keys(desks))
	for _, id := range ordered {
		if d := desks[id]; d.dealsIn(t.Product) {
			return d.assign(t, RuleProductDesk), nil
		}
	}
	for _, id := range ordered {
		if d := desks[id]; d.staffed() {
			return d.assign(t, RuleAnyDesk), nil
		}
	}
	return Assignment{}, ErrNobody
}

func (d Desk) staffed() bool { return len(d.Traders) > 0 }

// dealsIn is false for a desk without traders: it can not deal in anything.
func (d Desk) dealsIn(product string) bool {
	return d.staffed() && slices.Contains(d.Products, product)
}

// assign spreads trades over the desk's traders by the trade's id, so that every replica chooses the same one.
func (d Desk) assign(t Trade, rule string) Assignment {
	h := fnv.New32a()
	_, _ = h.Write([]byte(t.ID)) // never fails
	return Assignment{Desk: d.ID, Trader: d.Traders[h.Sum32()%uint32(len(d.Traders))], Rule: rule}
}
