package wire

import (
	"bytes"
	"fmt"
	"strconv"
)

// Fault is why the front refuses a message before the engine reads it. The engine sends it as a Reject(35=3).
type Fault struct {
	Reason int    // SessionRejectReason(373)
	Tag    int    // RefTagID(371), 0 for none
	Text   string // Text(58)
}

// Values of SessionRejectReason(373).
const (
	ReasonInvalidTag = 0
	ReasonNoValue    = 4
	ReasonOutOfRange = 5
	ReasonFormat     = 6
	ReasonRepeated   = 13
	ReasonGroupOrder = 15
	ReasonOther      = 99
)

// maxTag is far above any tag in use, and fits every engine's integers.
const maxTag = 999_999_999

// Check returns a fault that the engine would handle wrongly, or nil. quickfix takes a message with such a fault for garbled and
// does not count it. It would ask the provider for the same message for ever.
func Check(msg []byte) *Fault {
	var seen uint64 // a bit for each tag of framing
	for place := 1; len(msg) > 0; place++ {
		field, rest, _ := bytes.Cut(msg, []byte{soh})
		tag, _, isField := cutField(field)
		if !isField {
			return notField(field, place)
		}
		if tag < 64 {
			if seen&framing>>tag&1 == 1 {
				return &Fault{Reason: ReasonRepeated, Tag: tag, Text: "Tag appears more than once"}
			}
			seen |= 1 << tag
		}
		msg = rest
	}
	return nil
}

// notField returns the fault of a field that is not tag=value. It names the tag if the text before the equals sign is a number.
func notField(field []byte, place int) *Fault {
	text, _, _ := bytes.Cut(field, []byte{'='})
	if tag, err := strconv.Atoi(string(text)); err == nil && text[0] != '+' && len(text) < len(field) {
		return &Fault{Reason: ReasonInvalidTag, Tag: tag, Text: "Invalid tag number"}
	}
	return &Fault{Reason: ReasonInvalidTag, Text: fmt.Sprintf("field %d is not tag=value", place)}
}

// framing has the tags that say how to read a message and whether its number is due.
const framing uint64 = 1<<8 | 1<<9 | 1<<10 | 1<<34 | 1<<35

// cutField parses tag=value.
func cutField(field []byte) (tag int, value []byte, ok bool) {
	at := bytes.IndexByte(field, '=')
	if at < 1 {
		return 0, nil, false
	}
	for _, d := range field[:at] {
		if !isDigit(d) {
			return 0, nil, false
		}
		if tag = tag*10 + int(d-'0'); tag > maxTag {
			return 0, nil, false
		}
	}
	return tag, field[at+1:], true
}
