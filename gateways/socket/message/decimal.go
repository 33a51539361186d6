package message

import (
	"fmt"
	"strings"
)

// precision is how many digits a number may have: in all, and after the point.
type precision struct {
	digits, decimals int
}

var (
	// asked is the precision of numbers in requests. It is that of FIX floats: 15 digits.
	asked = precision{15, 10}
	// told is the precision of numbers in answers, which may be the product of two numbers of a request.
	told = precision{30, 20}
)

func (p precision) String() string {
	return fmt.Sprintf("decimal, %d digits, %d of them decimals", p.digits, p.decimals)
}

// maxNumberText is the longest text of a number, with superfluous zeros.
const maxNumberText = 40

// amount is a decimal above zero. Length 0 means that there is none.
func (f *fields) amount(name string, v *string) {
	n := f.decimal(name, v, asked)
	if n == "0" || strings.HasPrefix(n, "-") {
		f.fail(name, "must be above zero")
	}
}

// needAmount is an amount or a rate that must not be missing.
func (f *fields) needAmount(name string, v *string) {
	f.amount(name, v)
	if *v == "" {
		f.fail(name, ruleNeeded)
	}
}

// difference is a decimal of any sign in a request. Length 0 means that there is none.
func (f *fields) difference(name string, v *string) { f.decimal(name, v, asked) }

// figure is a decimal of any sign in an answer. Length 0 means that there is none.
func (f *fields) figure(name string, v *string) { f.decimal(name, v, told) }

// decimal reads and writes numbers without superfluous zeros, so that equal numbers are equal texts.
func (f *fields) decimal(name string, v *string, p precision) (number string) {
	f.describe(name, "1 + n", p)
	given, rule := canonical(*v, p)
	if rule != "" {
		f.fail(name, rule)
	}
	text, rule := canonical(string(f.counted(name, 1, []byte(given))), p)
	if rule != "" {
		f.fail(name, rule)
		return ""
	}
	if f.mode == reading {
		*v = text
	}
	return text
}

// canonical returns a number as [-]digits[.digits] without superfluous zeros, or the rule that the text breaks. An exponent or a
// plus sign is not allowed.
func canonical(text string, p precision) (number, rule string) {
	if text == "" {
		return "", ""
	}
	digits := strings.TrimPrefix(text, "-")
	whole, fraction, point := strings.Cut(digits, ".")
	if !allDigits(whole) || (point && !allDigits(fraction)) || len(text) > maxNumberText {
		return "", "a decimal number: digits, with decimals after a point, no exponent"
	}
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	if len(whole)+len(fraction) > p.digits || len(fraction) > p.decimals {
		return "", fmt.Sprintf("at most %d digits, %d of them decimals", p.digits, p.decimals)
	}
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if len(digits) < len(text) && whole != "0" {
		whole = "-" + whole
	}
	return whole, ""
}

func allDigits(text string) bool {
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return text != ""
}
