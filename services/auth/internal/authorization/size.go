package authorization

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// cents is the number of decimals of a size in USD.
const cents = 2

// longestAmount is the longest text that Size parses. No real amount has more digits.
const longestAmount = 40

// Size returns the largest of the amounts, without its sign: the size of a deal is that of its largest leg. The text of
// the error is for the sender of the amounts.
func Size(amounts ...string) (decimal.Decimal, error) {
	var size decimal.Decimal
	for _, text := range amounts {
		if len(text) > longestAmount {
			return size, fmt.Errorf("an amount of %d characters is longer than the %d allowed", len(text), longestAmount)
		}
		amount, err := decimal.NewFromString(text)
		if err != nil {
			return size, fmt.Errorf("amount %q is not a number", text)
		}
		size = decimal.Max(size, amount.Abs())
	}
	return size, nil
}

// inUSD converts amount to USD at the mid rates, which are units per 1 EUR. It rounds up to the cent, so that a size is
// never understated. It returns false if a rate is missing or not positive.
func inUSD(amount decimal.Decimal, currency string, mids map[string]decimal.Decimal) (decimal.Decimal, bool) {
	own, dollar := mids[currency], mids["USD"]
	if !own.IsPositive() || !dollar.IsPositive() {
		return decimal.Zero, false
	}
	if currency == "USD" {
		return amount.RoundUp(cents), true
	}
	whole, rest := amount.Mul(dollar).QuoRem(own, cents)
	if rest.IsPositive() {
		whole = whole.Add(decimal.New(1, -cents))
	}
	return whole, true
}
