package dialect

import (
	"time"

	"github.com/quickfixgo/quickfix"
)

// Bounds on texts that a provider chooses.
const (
	maxReference = 64
	maxParty     = 32
	maxSymbol    = 32
	maxText      = 512
)

// reader takes values out of a message and keeps the first fault that it meets; after a fault, values are empty. So
// a message is read field by field, and asked once whether it was sound.
type reader struct {
	fields
	group quickfix.Tag // 0 for the message itself
	entry int
	first *fault // shared by all readers of a message
}

// fault is what is wrong with a message, and the provider's reference to name in a business reject.
type fault struct {
	err       quickfix.MessageRejectError
	reference string
}

// within returns a reader of one entry of a group, from 1.
func (r reader) within(group quickfix.Tag, entry int) reader {
	r.group, r.entry = group, entry
	return r
}

func (r reader) refuse(err quickfix.MessageRejectError) {
	if r.first.err == nil {
		r.first.err = err
	}
}

// value returns the value of tag; one without content counts as absent.
func (r reader) value(tag quickfix.Tag) ([]byte, bool) {
	v, ok := r.find(r.group, r.entry, tag)
	return v, ok && len(v) > 0
}

func (r reader) has(tag quickfix.Tag) bool {
	_, ok := r.value(tag)
	return ok
}

// need refuses the message when the field is absent, which its dictionary demands of all messages of the type.
func (r reader) need(tag quickfix.Tag) reader {
	if !r.has(tag) {
		r.refuse(missing(tag))
	}
	return r
}

// needHere refuses the message when the field is absent, which this use of the message demands.
func (r reader) needHere(tag quickfix.Tag) reader {
	if !r.has(tag) {
		r.refuse(conditional(tag, r.first.reference))
	}
	return r
}

// text returns a text of printable ASCII, at most limit characters.
func (r reader) text(tag quickfix.Tag, limit int) string {
	v, ok := r.value(tag)
	switch {
	case !ok:
		return ""
	case len(v) > limit:
		r.refuse(outOfRange(tag, "the text is too long"))
		return ""
	}
	for _, c := range v {
		if c < 0x20 || c > 0x7e {
			r.refuse(malformed(tag, "only printable ASCII characters"))
			return ""
		}
	}
	return string(v)
}

// reference reads the provider's reference of the message; later business rejects name it.
func (r reader) reference(tag quickfix.Tag) string {
	ref := r.need(tag).text(tag, maxReference)
	r.first.reference = ref
	return ref
}

// number returns a decimal of any sign, without superfluous zeros.
func (r reader) number(tag quickfix.Tag) string {
	v, ok := r.value(tag)
	if !ok {
		return ""
	}
	n, bad := parseDecimal(v)
	switch bad {
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

// currency returns an ISO 4217 code by its form; whether there is such a currency is for the core to say.
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

func isCurrency(v []byte) bool {
	if len(v) != 3 {
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
	if _, err := time.Parse(dateLayout, text); err != nil {
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
	var at quickfix.FIXUTCTimestamp
	if err := at.Read(v); err != nil {
		r.refuse(malformed(tag, "YYYYMMDD-HH:MM:SS.sss, UTC"))
		return time.Time{}
	}
	return at.Time
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
