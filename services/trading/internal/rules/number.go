package rules

import (
	"strconv"

	"github.com/shopspring/decimal"
)

// maxDigits bounds a number's text, so that no request makes the core work on numbers that no currency has.
const maxDigits = 32

// maxAmount is where an amount stops being one: ten trillion, of whatever currency.
func maxAmount() decimal.Decimal { return decimal.New(1, 13) }

// parse reads a plain decimal number: digits, one point, a sign. No exponent: "1e999999999" is a number of a gigabyte.
func parse(text string) (decimal.Decimal, bool) {
	if text == "" || len(text) > maxDigits {
		return decimal.Decimal{}, false
	}
	for i, c := range []byte(text) {
		if c != '.' && (c < '0' || c > '9') && (c != '-' || i > 0) {
			return decimal.Decimal{}, false
		}
	}
	number, err := decimal.NewFromString(text)
	return number, err == nil
}

// quoted shows what was sent without letting it spoil the text: escaped, and cut.
func quoted(text string) string {
	if len(text) > maxDigits {
		return strconv.QuoteToASCII(text[:maxDigits]) + "…"
	}
	return strconv.QuoteToASCII(text)
}
