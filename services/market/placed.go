package market

import (
	"sync"

	"fxcore/services/market/pricing"
	"fxcore/services/market/valuedate"
)

// placements keep curves as they are placed on the calendar. They are bounded and safe for concurrent use. A market keeps one, and hands it
// on to the next market that has the same directory and curves.
type placements struct {
	mu    sync.RWMutex
	known map[placement][]pricing.Node
}

// placement is a pair and the dates that its tenors are counted from.
type placement struct {
	pair string
	deal valuedate.Dates
}

// maxPlaced is how many curves are kept: the pairs on a few trade dates. When there are more, all are placed anew.
const maxPlaced = 1024

// nodes returns a pair's curve on the calendar. The caller must not change it.
func (p *placements) nodes(pair *Pair, curve Curve, deal valuedate.Dates) []pricing.Node {
	key := placement{pair.Name, deal}
	p.mu.RLock()
	nodes, known := p.known[key]
	p.mu.RUnlock()
	if known {
		return nodes
	}
	nodes = nodesOf(curve, pair.Dates, deal)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil || len(p.known) >= maxPlaced {
		p.known = make(map[placement][]pricing.Node)
	}
	p.known[key] = nodes
	return nodes
}
