package mix

import (
	"time"

	"fxcore/scripts/internal/fixwire"
)

// deal holds what all requests have in common.
type deal struct {
	reference, client, pair string
	side                    int    // Side (54): 1 buys, 2 sells the dealt currency, which is the pair's base
	amount                  string // of the dealt currency
	time                    time.Time
	rates                   map[int]string // by number of days after spot
}

const (
	typeOrder    = "D"
	typeMultileg = "AB"
	typeCheck    = "UDF" // our FIX 4.4 form of PartyRiskLimitCheckRequest
)

func (d deal) spot() *fixwire.Body {
	return d.order("2", d.rates[spot.days]).Text(63, spot.settlType)
}

func (d deal) forward(m maturity) *fixwire.Body {
	return d.order("2", d.rates[m.days]).Text(63, m.settlType)
}

// swapAsOrder returns FIX 4.4's swap in one NewOrderSingle: OrdType (40) G, with OrderQty2, SettlDate2 and Price2 for
// the far leg.
func (d deal) swapAsOrder(far time.Time, rate string) *fixwire.Body {
	return d.order("G", d.rates[spot.days]).Text(63, spot.settlType).
		Text(193, far.Format("20060102")).Text(192, d.amount).Text(640, rate)
}

// order returns a NewOrderSingle without the settlement.
func (d deal) order(ordType, price string) *fixwire.Body {
	return fixwire.NewBody(typeOrder).
		Text(11, d.reference).Text(1, d.client).Text(55, d.pair).Int(54, d.side).Time(60, d.time).
		Text(38, d.amount).Text(40, ordType).Text(44, price).Text(15, d.pair[:3])
}

// swapByLegs returns a NewOrderMultileg whose legs have sides, amounts and rates.
func (d deal) swapByLegs(far maturity) *fixwire.Body {
	b := fixwire.NewBody(typeMultileg).
		Text(11, d.reference).Text(1, d.client).Text(54, "B").Text(55, d.pair).Int(555, 2)
	for i, m := range []maturity{spot, far} {
		side := d.side
		if i == 1 {
			side = 3 - side
		}
		b.Text(600, d.pair).Int(624, side).Text(687, d.amount).Text(566, d.rates[m.days]).Text(587, m.settlType)
	}
	return b.Time(60, d.time).Text(38, d.amount).Text(40, "2").Text(15, d.pair[:3])
}

// check returns a request to reserve: RiskLimitCheckTransType (2320) 0 is new, RiskLimitCheckType (2321) 0 is submit.
func (d deal) check(m maturity) *fixwire.Body {
	return fixwire.NewBody(typeCheck).
		Text(2318, d.reference).Int(2320, 0).Int(2321, 0).Int(2323, 0).Text(2324, d.amount).Text(15, d.pair[:3]).
		Int(453, 1).Text(448, d.client).Text(447, "D").Int(452, 3).
		Text(55, d.pair).Int(54, d.side).Text(63, m.settlType).Time(60, d.time)
}
