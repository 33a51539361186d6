package dialect

import "bytes"

// FIX floats have up to 15 significant digits (FIX 4.4 volume 1, data types). A text with more is refused.
const (
	maxSignificant = 15
	maxDecimals    = 10
	maxNumberText  = 32
)

// decimalFault is why a field does not accept a text as a number.
type decimalFault int

const (
	decimalFine   decimalFault = iota
	decimalFormat              // not [-]digits[.digits]
	decimalRange               // more digits than a FIX float carries
)

// parseDecimal checks a FIX float and returns it without superfluous zeros, so that equal numbers are equal texts. It works on
// the decimal text and uses no binary number. An exponent or a plus sign is a fault; 23. and .23 are valid.
func parseDecimal(text []byte) (string, decimalFault) {
	digits := bytes.TrimPrefix(text, []byte("-"))
	negative := len(digits) < len(text)
	whole, fraction, _ := bytes.Cut(digits, []byte("."))
	if len(whole)+len(fraction) == 0 || !allDigits(whole) || !allDigits(fraction) {
		return "", decimalFormat
	}
	if len(digits) > maxNumberText {
		return "", decimalRange
	}
	whole = bytes.TrimLeft(whole, "0")
	fraction = bytes.TrimRight(fraction, "0")
	if len(whole)+len(fraction) > maxSignificant || len(fraction) > maxDecimals {
		return "", decimalRange
	}
	return canonical(negative, whole, fraction), decimalFine
}

func canonical(negative bool, whole, fraction []byte) string {
	var buf [maxSignificant + 4]byte
	out := buf[:0]
	if negative && len(whole)+len(fraction) > 0 {
		out = append(out, '-')
	}
	if len(whole) == 0 {
		out = append(out, '0')
	}
	out = append(out, whole...)
	if len(fraction) > 0 {
		out = append(append(out, '.'), fraction...)
	}
	return string(out)
}

func allDigits(text []byte) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
