package market

import (
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/market/pricing"
)

// Tolerance returns the largest deviation of a spot rate from its reference: the pair's half spread times its band, and what
// the rate may have moved since the reference was made, but no more than the band once again. Without that bound an old reference
// would let a client deal at twice or three times the band off the market, on the side that it chooses.
func (p *Pair) Tolerance(age time.Duration) pricing.Tolerance {
	band := pricing.Tolerance(p.HalfSpread.Mul(p.Band))
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
