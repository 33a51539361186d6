package wire

import (
	"bytes"
	"fmt"
)

// Fault is why a message is refused without being read. It becomes a Reject(35=3).
type Fault struct {
	Reason int    // SessionRejectReason(373)
	Tag    int    // RefTagID(371), 0 for none
	Text   string // Text(58)
}

// Values of SessionRejectReason(373).
const (
	ReasonInvalidTag = 0
	ReasonRepeated   = 13
	ReasonOther      = 99
)

// maxTag is far above any tag in use, and fits every engine's integers.
const maxTag = 999_999_999

// Check tells what is wrong with the fields of a whole message that the engine would not read at all: it takes them
// for a garbled message and does not count them, so that the provider is asked for them for ever.
func Check(msg []byte) *Fault {
	var seen uint64 // a bit for each tag of framing
	for place := 1; len(msg) > 0; place++ {
		field, rest, _ := bytes.Cut(msg, []byte{soh})
		tag, _, isField := cutField(field)
		if !isField {
			return &Fault{Reason: ReasonInvalidTag, Text: fmt.Sprintf("field %d is not tag=value", place)}
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

// framing is the tags that tell how a message is read, and whether it is due.
const framing uint64 = 1<<8 | 1<<9 | 1<<10 | 1<<34 | 1<<35

// cutField reads tag=value.
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
