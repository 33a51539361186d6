package wire

import (
	"bytes"
	"time"
)

const (
	wholeSeconds  = len("20060102-15:04:05")
	keptDecimals  = 6 // a time is kept to the microsecond
	leapSecond    = "60"
	secondsOffset = len("20060102-15:04:")
)

// UTCTimestamp reads a UTCTimestamp with any number of decimals of a second, and returns it to the microsecond. The leap second,
// :60, is the last microsecond before the next minute. It returns false for any other text.
func UTCTimestamp(text []byte) (time.Time, bool) {
	if len(text) < wholeSeconds {
		return time.Time{}, false
	}
	fraction, ok := decimals(text[wholeSeconds:])
	if !ok {
		return time.Time{}, false
	}
	whole := string(text[:wholeSeconds])
	leap := whole[secondsOffset:] == leapSecond
	if leap {
		whole, fraction = whole[:secondsOffset]+"59", time.Second-time.Microsecond
	}
	at, err := time.Parse("20060102-15:04:05", whole)
	return at.Add(fraction), err == nil
}

// decimals reads what follows the seconds: nothing, or a point and digits.
func decimals(text []byte) (time.Duration, bool) {
	if len(text) == 0 {
		return 0, true
	}
	digits, pointed := bytes.CutPrefix(text, []byte("."))
	if !pointed || len(digits) == 0 {
		return 0, false
	}
	micros := 0
	for i, d := range digits {
		if !isDigit(d) {
			return 0, false
		}
		if i < keptDecimals {
			micros = micros*10 + int(d-'0')
		}
	}
	for range keptDecimals - len(digits) {
		micros *= 10
	}
	return time.Duration(micros) * time.Microsecond, true
}

// AppendTimestamp appends a UTCTimestamp with microseconds.
func AppendTimestamp(b []byte, at time.Time) []byte {
	return at.AppendFormat(b, "20060102-15:04:05.000000")
}
