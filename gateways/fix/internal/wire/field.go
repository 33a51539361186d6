package wire

import (
	"bytes"
	"iter"
	"strconv"
)

// Fields iterates over a message's fields in order. It ends at the first field that is not tag=value. Values are slices of msg.
func Fields(msg []byte) iter.Seq2[int, []byte] {
	return func(yield func(int, []byte) bool) {
		for len(msg) > 0 {
			field, rest, found := bytes.Cut(msg, []byte{soh})
			text, value, isField := bytes.Cut(field, []byte{'='})
			tag, err := strconv.Atoi(string(text))
			if !found || !isField || err != nil || !yield(tag, value) {
				return
			}
			msg = rest
		}
	}
}

// Value returns the first value of a field, nil if the message has none. tag is written with its equals sign: "34=".
func Value(msg []byte, tag string) []byte {
	for from := 0; ; {
		at := bytes.Index(msg[from:], []byte(tag))
		if at < 0 {
			return nil
		}
		at += from
		from = at + len(tag)
		if at == 0 || msg[at-1] == soh {
			value, _, _ := bytes.Cut(msg[from:], []byte{soh})
			return value
		}
	}
}

// SeqNum returns MsgSeqNum(34), 0 if there is none.
func SeqNum(msg []byte) int {
	n, err := strconv.Atoi(string(Value(msg, "34=")))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// Build returns a message with this body, which must begin with MsgType(35) and end with a SOH. It adds BeginString(8),
// BodyLength(9) and CheckSum(10).
func Build(beginString string, body []byte) []byte {
	msg := make([]byte, 0, len(body)+40)
	msg = append(append(msg, "8="...), beginString...)
	msg = append(append(msg, soh), "9="...)
	msg = append(strconv.AppendInt(msg, int64(len(body)), 10), soh)
	msg = append(msg, body...)
	var sum uint8
	for _, b := range msg {
		sum += b
	}
	return append(msg, '1', '0', '=', '0'+sum/100, '0'+sum/10%10, '0'+sum%10, soh)
}

// AppendField appends tag=value and a SOH.
func AppendField(b []byte, tag int, value string) []byte {
	b = append(strconv.AppendInt(b, int64(tag), 10), '=')
	return append(append(b, value...), soh)
}

// IsHeader reports whether a tag belongs to the standard header in any version in use.
func IsHeader(tag int) bool {
	switch tag {
	case 8, 9, 35, 49, 56, 115, 128, 90, 91, 34, 50, 142, 57, 143, 116, 144, 129, 145, 43, 97, 52, 122, 212, 213, 347,
		369, 370, 627, 628, 629, 630, 1128, 1129, 1156:
		return true
	}
	return false
}

// IsSubID reports whether a header's tag names a person or a place within a firm: SenderSubID(50), TargetSubID(57),
// SenderLocationID(142), TargetLocationID(143). Such an id says nothing about the session.
func IsSubID(tag int) bool {
	switch tag {
	case 50, 57, 142, 143:
		return true
	}
	return false
}

// Body returns the fields between header and trailer, each with its SOH, unchanged.
func Body(msg []byte) []byte {
	from := 0
	for tag, value := range Fields(msg) {
		if !IsHeader(tag) {
			break
		}
		from += len(strconv.Itoa(tag)) + 1 + len(value) + 1
	}
	to := bytes.LastIndex(msg, trailerMark) + 1
	return msg[min(from, to):to]
}

// HeaderOnly returns a message with only the header fields at the beginning of a message, the first of each tag. It
// leaves out data fields, their lengths, sub-ids, and bytes that are not a field. It returns nil if there is no MsgSeqNum.
func HeaderOnly(beginningOf []byte) []byte {
	var version string
	var body []byte
	seen := map[int]bool{}
	for field := range bytes.SplitSeq(beginningOf, []byte{soh}) {
		tag, value, isField := cutField(field)
		if isField && !IsHeader(tag) {
			break
		}
		if !isField || seen[tag] {
			continue
		}
		seen[tag] = true
		switch tag {
		case 8:
			version = string(value)
		case 9, 90, 91, 212, 213: // lengths would be wrong, and data fields are left out
		case 50, 57, 142, 143: // see IsSubID
		default:
			body = AppendField(body, tag, string(value))
		}
	}
	if SeqNum(body) == 0 {
		return nil
	}
	return Build(version, body)
}
