package rules

import (
	"strconv"

	"github.com/shopspring/decimal"
)

// maxDigits is the longest text of a number that parse reads. It bounds the work that one request can cause.
const maxDigits = 32

// maxAmount returns the largest dealt amount that the rules accept: ten trillion, in any currency.
func maxAmount() decimal.Decimal { return decimal.New(1, 13) }

// maxBooked returns what an amount must be below: the mainframe's record of a booking has 15 digits before the point.
func maxBooked() decimal.Decimal { return decimal.New(1, 15) }

// rateBound returns what a rate must be below: the mainframe's record of a booking has nine digits before the point.
func rateBound() decimal.Decimal { return decimal.New(1, 9) }

// parse reads a plain decimal number: digits, at most one point and an optional minus sign. It accepts no exponent,
// because "1e999999999" would need a gigabyte of memory.
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

// maxQuoted is the longest text of a client that a refusal repeats as a whole: an id may have as many characters.
const maxQuoted = 64

// quoted returns a client's text for use in a refusal: escaped to ASCII and cut to maxQuoted.
func quoted(text string) string {
	if len(text) > maxQuoted {
		return strconv.QuoteToASCII(text[:maxQuoted]) + "..."
	}
	return strconv.QuoteToASCII(text)
}
