package authorization

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// cents is the scale of sizes in USD.
const cents = 2

// longestAmount bounds what is parsed: more digits than any currency has ever needed.
const longestAmount = 40

// Size is the largest of the amounts by value, whatever its sign: a deal is as large as its largest leg. Its error is a
// text for who sent them.
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

// inUSD converts amount at the mid rates, both quoted as units per 1 EUR, and rounds up to the cent: a size is never
// understated. It is false if either rate is missing or not positive.
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
