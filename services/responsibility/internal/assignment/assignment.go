// Package assignment decides which desk and which trader are responsible for a trade.
//
// Every trade gets a responsible trader while any desk has one. If the client's desk cannot take the trade, the next
// rule chooses. The assignment names the rule that chose, so that wrong static data is visible.
package assignment

import (
	"errors"
	"hash/fnv"
	"maps"
	"slices"
)

// Trade holds what an assignment depends on.
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

// Assignment names the responsible desk and trader, and the rule that chose them.
type Assignment struct {
	Desk   string
	Trader string
	Rule   string
}

// The rules, in the order in which [Of] tries them.
const (
	RuleClientDesk  = "client-desk"  // the client's own desk deals in the product
	RuleProductDesk = "product-desk" // the first desk, by id, that deals in the product
	RuleAnyDesk     = "any-desk"     // the first desk, by id, that has traders
)

// ErrNobody says that no desk has a trader.
var ErrNobody = errors.New("no desk has a trader")

// Of assigns t to one of the desks, which are keyed by id. The same trade and desks give the same assignment. Error:
// ErrNobody.
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

// dealsIn reports whether the desk can take a trade in the product. A desk without traders cannot.
func (d Desk) dealsIn(product string) bool {
	return d.staffed() && slices.Contains(d.Products, product)
}

// assign chooses a trader of the desk by a hash of the trade's id. This spreads the trades, and every replica chooses
// the same trader.
func (d Desk) assign(t Trade, rule string) Assignment {
	h := fnv.New32a()
	_, _ = h.Write([]byte(t.ID)) // never fails
	return Assignment{Desk: d.ID, Trader: d.Traders[h.Sum32()%uint32(len(d.Traders))], Rule: rule}
}
