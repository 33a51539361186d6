package market

import (
	"fxcore/services/market/memo"
	"fxcore/services/market/pricing"
	"fxcore/services/market/valuedate"
)

// placements keep curves as they are placed on the calendar. A market keeps one, and hands it on to the next market that has the
// same directory and curves.
type placements = memo.Memo[placement, []pricing.Node]

// placement is a pair and the dates that its tenors are counted from.
type placement struct {
	pair string
	deal valuedate.Dates
}

// maxPlaced is how many curves are kept: the pairs on a few trade dates.
const maxPlaced = 1024

// placedNodes returns the pair's curve on the calendar. The caller must not change it.
func (m *Market) placedNodes(pair *Pair, deal valuedate.Dates) []pricing.Node {
	return m.placed.Get(placement{pair.Name, deal}, func() []pricing.Node {
		return nodesOf(m.curves[pair.Name], pair.Dates, deal)
	})
}
