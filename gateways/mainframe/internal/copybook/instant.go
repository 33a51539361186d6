package copybook

import (
	"fmt"
	"reflect"
	"time"

	"golang.org/x/text/encoding/charmap"
)

// Forms of dates and timestamps.
const (
	dateForm      = "20060102"
	timestampForm = "2006-01-02-15.04.05.000000"
)

// instant is a date (at midnight UTC) or a timestamp (UTC, microseconds); the zero time is absent.
type instant struct{ form string }

func (c instant) decode(from []byte, into reflect.Value) error {
	if isBlank(from) {
		into.SetZero()
		return nil
	}
	var room [len(timestampForm)]byte
	ascii := room[:len(from)]
	for i, b := range from {
		r := charmap.CodePage1140.DecodeByte(b)
		if r >= 0x80 {
			return fmt.Errorf("%w: byte %d is %#02x", ErrTime, i, b)
		}
		ascii[i] = byte(r)
	}
	t, err := time.Parse(c.form, string(ascii))
	if err != nil || t.IsZero() || t.Format(c.form) != string(ascii) {
		return fmt.Errorf("%w: %q is not of the form %s", ErrTime, ascii, c.form)
	}
	*into.Addr().Interface().(*time.Time) = t
	return nil
}

func (c instant) encode(into []byte, from reflect.Value) error {
	t := *from.Addr().Interface().(*time.Time)
	if t.IsZero() {
		blank(into)
		return nil
	}
	t = t.UTC()
	var room [len(timestampForm) + 8]byte
	ascii := t.AppendFormat(room[:0], c.form)
	if len(ascii) != len(into) || t.Year() < 0 {
		return fmt.Errorf("%w: year %d", ErrTime, t.Year())
	}
	for i, b := range ascii {
		into[i], _ = charmap.CodePage1140.EncodeRune(rune(b)) // digits, hyphen and point always encode
	}
	return nil
}
