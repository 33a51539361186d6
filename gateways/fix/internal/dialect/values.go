package dialect

import (
	"time"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/wire"
)

// number returns a decimal of any sign, without superfluous zeros.
func (r reader) number(tag quickfix.Tag) string {
	v, ok := r.value(tag)
	if !ok {
		return ""
	}
	n, bad := parseDecimal(v)
	switch bad {
	case decimalFine:
	case decimalFormat:
		r.refuse(malformed(tag, "a decimal number, without exponent"))
	case decimalRange:
		r.refuse(outOfRange(tag, "at most 15 significant digits, 10 of them decimals"))
	}
	return n
}

// positive returns a decimal above zero: an amount or a rate.
func (r reader) positive(tag quickfix.Tag) string {
	n := r.number(tag)
	if n == "0" || (n != "" && n[0] == '-') {
		r.refuse(outOfRange(tag, "must be above zero"))
		return ""
	}
	return n
}

// side returns buy or sell, of the dealt currency.
func (r reader) side(tag quickfix.Tag) string {
	v, ok := r.value(tag)
	if !ok {
		return ""
	}
	switch string(v) {
	case "1":
		return "buy"
	case "2":
		return "sell"
	}
	r.refuse(outOfRange(tag, "1 is buy, 2 is sell"))
	return ""
}

// currency returns a text in the form of an ISO 4217 code. The core checks whether the currency exists.
func (r reader) currency(tag quickfix.Tag) string {
	v, ok := r.value(tag)
	if !ok {
		return ""
	}
	if !isCurrency(v) {
		r.refuse(malformed(tag, "three capital letters"))
		return ""
	}
	return string(v)
}

const currencySize = 3

func isCurrency(v []byte) bool {
	if len(v) != currencySize {
		return false
	}
	for _, c := range v {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}

// date reads a LocalMktDate, YYYYMMDD, and returns it as YYYY-MM-DD.
func (r reader) date(tag quickfix.Tag) string {
	v, ok := r.value(tag)
	if !ok {
		return ""
	}
	if len(v) != 8 || !allDigits(v) {
		r.refuse(malformed(tag, "YYYYMMDD"))
		return ""
	}
	text := string(v[:4]) + "-" + string(v[4:6]) + "-" + string(v[6:])
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		r.refuse(outOfRange(tag, "no such day"))
		return ""
	}
	return text
}

// instant reads a UTCTimestamp; zero when absent.
func (r reader) instant(tag quickfix.Tag) time.Time {
	v, ok := r.value(tag)
	if !ok {
		return time.Time{}
	}
	at, ok := wire.UTCTimestamp(v)
	if !ok {
		r.refuse(malformed(tag, "YYYYMMDD-HH:MM:SS.sss, UTC"))
		return time.Time{}
	}
	return at
}

// oneOf returns the value if it is among those allowed.
func (r reader) oneOf(tag quickfix.Tag, allowed ...string) string {
	v, ok := r.value(tag)
	if !ok {
		return ""
	}
	for _, a := range allowed {
		if string(v) == a {
			return a
		}
	}
	r.refuse(outOfRange(tag, "not among the values accepted"))
	return ""
}
