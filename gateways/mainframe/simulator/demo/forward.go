package demo

import (
	"time"

	"github.com/shopspring/decimal"
)

// yearDays is the day count's year: actual/360 for every currency, simpler than each one's own and the same for all
// who use the demo's deposit rates.
const yearDays = 360

// Outright returns the mid of a pair for a value date days after spot, by covered interest parity on the currencies'
// deposit rates: spot × (1 + rate of the quote × t) / (1 + rate of the base × t), rounded half up to the pair's decimals.
func (m *Market) Outright(pair string, at time.Time, days int) (decimal.Decimal, error) {
	p, mid, err := m.mid(pair, at)
	if err != nil {
		return decimal.Decimal{}, err
	}
	grown := mid.Mul(m.growth(p.Quote(), days))
	return grown.DivRound(m.growth(p.Base(), days), int32(p.RateDecimals)), nil
}

func (m *Market) growth(currency string, days int) decimal.Decimal {
	interest := m.currencies[currency].DepositRate.Mul(decimal.NewFromInt(int64(days)))
	return decimal.NewFromInt(1).Add(interest.DivRound(decimal.NewFromInt(yearDays), 12))
}
