package pricing

import "github.com/shopspring/decimal"

// Node is one known value of a curve, at a number of days from spot; negative before spot.
type Node struct {
	Days  int
	Value decimal.Decimal
}

// Interpolate returns the curve's value at a number of days from spot, linear between two nodes. nodes are in the order of
// their days. It reports false outside the first and the last node.
func Interpolate(nodes []Node, days int) (decimal.Decimal, bool) {
	for i, n := range nodes {
		switch {
		case n.Days == days:
			return n.Value, true
		case n.Days > days && i > 0:
			return between(nodes[i-1], n, days), true
		case n.Days > days:
			return decimal.Decimal{}, false
		}
	}
	return decimal.Decimal{}, false
}

func between(a, b Node, days int) decimal.Decimal {
	passed, length := decimal.NewFromInt(int64(days-a.Days)), decimal.NewFromInt(int64(b.Days-a.Days))
	return a.Value.Add(b.Value.Sub(a.Value).Mul(passed).DivRound(length, growthDigits))
}
