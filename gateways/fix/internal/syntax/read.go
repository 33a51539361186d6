package syntax

import (
	"bytes"
	"strconv"

	"fxcore/gateways/fix/internal/wire"
)

// Tags that this package reads.
const (
	tagBeginString      = 8
	tagBodyLength       = 9
	tagCheckSum         = 10
	tagMsgSeqNum        = 34
	tagMsgType          = 35
	tagPossDupFlag      = 43
	tagRefSeqNum        = 45
	tagSenderCompID     = 49
	tagSendingTime      = 52
	tagTargetCompID     = 56
	tagText             = 58
	tagOrigSendingTime  = 122
	tagRefTagID         = 371
	tagRefMsgType       = 372
	tagRejectReason     = 373
	tagBusinessRejectID = 379
	tagBusinessReason   = 380
)

const soh = 1

// reading is one message that is being read.
type reading struct {
	rules  *Rules
	groups map[int]group
	msg    []byte
	from   int    // where the first field after BodyLength begins
	header bool   // no field of the body has come
	body   []byte // for the engine, from there on; nil while it is as it was sent
	entry  entry
}

// Read returns the message as the engine must get it, or the reason to refuse it. The message must be framed and its fields
// tag=value, see wire.Check. The result may be the message itself.
func (r *Rules) Read(msg []byte) (forEngine []byte, why *wire.Fault) {
	in := reading{rules: r, msg: msg, header: true, groups: r.groups[string(wire.Value(msg, "35="))]}
	for at := 0; at < len(msg); {
		size := bytes.IndexByte(msg[at:], soh) + 1
		if size == 0 {
			return msg, nil // cannot happen: the message is framed
		}
		if why = in.field(at, msg[at:at+size]); why != nil {
			return nil, why
		}
		at += size
	}
	if in.body == nil {
		return msg, nil
	}
	return wire.Build(string(wire.Value(msg, "8=")), in.body), nil
}

// field takes up the field that begins at a place. field ends with its SOH.
func (in *reading) field(at int, field []byte) *wire.Fault {
	text, value, _ := bytes.Cut(field[:len(field)-1], []byte{'='})
	tag, _ := strconv.Atoi(string(text))
	switch tag {
	case tagBodyLength:
		in.from = at + len(field)
		return nil
	case tagBeginString, tagCheckSum:
		return nil
	}
	in.header = in.header && wire.IsHeader(tag)
	if in.header && wire.IsSubID(tag) && len(value) > 0 {
		in.change(at)
		return nil
	}
	if why := in.entry.take(in.groups, tag); why != nil {
		return why
	}
	instead, why := in.rules.value(tag, value)
	switch {
	case why != nil:
		return why
	case instead != nil:
		in.change(at)
		in.body = wire.AppendField(in.body, tag, string(instead))
	case in.body != nil:
		in.body = append(in.body, field...)
	}
	return nil
}

// change begins the body for the engine, before a field that differs.
func (in *reading) change(at int) {
	if in.body == nil {
		in.body = append(make([]byte, 0, len(in.msg)), in.msg[in.from:at]...)
	}
}

// value checks a value by the type of its field. It returns the text that the engine must get instead, nil for the same. A value
// that is empty or has another form is left to quickfix, which refuses it.
func (r *Rules) value(tag int, value []byte) (instead []byte, why *wire.Fault) {
	switch r.kind(tag) {
	case integer:
		if isInteger(value) && !fits(value) {
			return nil, &wire.Fault{Reason: wire.ReasonOutOfRange, Tag: tag, Text: "Value is incorrect (out of range) for this tag"}
		}
	case timestamp:
		at, ok := wire.UTCTimestamp(value)
		if !ok && len(value) > 0 {
			return nil, &wire.Fault{Reason: wire.ReasonFormat, Tag: tag, Text: "Incorrect data format for value"}
		}
		if ok && !plain(value) {
			return wire.AppendTimestamp(nil, at), nil
		}
	case other:
	}
	return nil, nil
}

// plain reports whether quickfix reads a timestamp as we do: it has no decimals, three or six, and is no leap second.
func plain(value []byte) bool {
	switch len(value) {
	case len("20060102-15:04:05"), len("20060102-15:04:05.000"), len("20060102-15:04:05.000000"):
		return string(value[15:17]) != "60"
	}
	return false
}

// isInteger reports whether a text is digits, with a minus sign or without.
func isInteger(value []byte) bool {
	digits := bytes.TrimPrefix(value, []byte("-"))
	return len(digits) > 0 && len(bytes.Trim(digits, "0123456789")) == 0
}

// fits reports whether an integer has 32 bits. quickfix does not notice when an integer is too large for its type, and no
// field needs more.
func fits(value []byte) bool {
	_, err := strconv.ParseInt(string(value), 10, 32)
	return err == nil
}
