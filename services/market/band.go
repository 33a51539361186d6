package market

import (
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/market/pricing"
)

// Tolerance returns the largest deviation of a spot rate from its reference: the pair's half spread times its band, and what
// the rate may have moved since the reference was made, but no more than the band once again.
func (p *Pair) Tolerance(age time.Duration) pricing.Tolerance { return p.within(p.Band, age) }

// ClientTolerance returns the largest deviation of a spot rate at which the client gains: it buys below the reference, or sells above
// it. The client chooses its price. A wide band on this side would let it buy below the market and sell above it, as often as it
// likes.
func (p *Pair) ClientTolerance(age time.Duration) pricing.Tolerance {
	return p.within(p.ClientBand, age)
}

// within returns so many half spreads, and what the rate may have moved in a time, but no more than that many once again. Without that
// bound an old reference would let a client deal at twice or three times the band off the market.
func (p *Pair) within(halfSpreads decimal.Decimal, age time.Duration) pricing.Tolerance {
	band := pricing.Tolerance(p.HalfSpread.Mul(halfSpreads))
	return band.Plus(pricing.Drift(p.Volatility, age).AtMost(band))
}

// pointsBand is how many of their half spreads forward points may lie off the market's. Three are a desk's bound; the rest is
// for rounding and for a date between two tenors.
const pointsBand = 5

// PointsTolerance returns the largest deviation of forward points over a number of days, as a fraction of the rate. Points have
// a spread of their own: small for a day, it grows with the square root of time. They hardly move with the spot rate, so neither
// the pair's band nor the age of the rate counts.
func (p *Pair) PointsTolerance(days int) pricing.Tolerance {
	return pricing.Tolerance(p.PointsSpread.Mul(decimal.NewFromInt(pointsBand))).Over(days)
}
