package fixwire

import (
	"strconv"
	"time"
)

// Body is the type and the fields of a message, in the order in which they were added. It has no frame and no header.
type Body struct {
	kind   string
	fields []byte
}

// NewBody begins a message of the given type (tag 35).
func NewBody(kind string) *Body { return &Body{kind: kind, fields: make([]byte, 0, 256)} }

// Text adds a field. The value must not contain the separator (SOH).
func (b *Body) Text(tag int, value string) *Body {
	b.fields = appendText(b.fields, tag, value)
	return b
}

// Int adds a field with a whole number.
func (b *Body) Int(tag, value int) *Body {
	b.fields = appendInt(b.fields, tag, value)
	return b
}

// Time adds a field with a time in UTC, in milliseconds.
func (b *Body) Time(tag int, value time.Time) *Body {
	b.fields = appendTime(b.fields, tag, value)
	return b
}

// Header holds the fields that stand before a message's own fields.
type Header struct {
	Begin    string    // BeginString (8)
	Sender   string    // SenderCompID (49)
	Target   string    // TargetCompID (56)
	Seq      int       // MsgSeqNum (34)
	Sent     time.Time // SendingTime (52)
	Original time.Time // OrigSendingTime (122) of a possible duplicate (43=Y); zero for any other message
}

// Append appends the whole message to dst: header, fields, BodyLength and CheckSum.
func Append(dst []byte, h Header, b *Body) []byte { return appendFrame(dst, h, b.kind, b.fields) }

func appendFrame(dst []byte, h Header, kind string, fields []byte) []byte {
	var scratch [160]byte
	head := appendText(scratch[:0], tagMsgType, kind)
	head = appendText(head, tagSender, h.Sender)
	head = appendText(head, tagTarget, h.Target)
	head = appendInt(head, tagMsgSeqNum, h.Seq)
	head = appendTime(head, tagSendingTime, h.Sent)
	if !h.Original.IsZero() {
		head = appendText(head, tagPossDup, "Y")
		head = appendTime(head, tagOrigSendingTime, h.Original)
	}
	begin := len(dst)
	dst = appendText(dst, tagBeginString, h.Begin)
	dst = appendInt(dst, tagBodyLength, len(head)+len(fields))
	dst = append(dst, head...)
	dst = append(dst, fields...)
	return appendSum(dst, sum(dst[begin:]))
}

// sum returns CheckSum (10): the sum of all bytes before that field, modulo 256.
func sum(message []byte) byte {
	var s byte
	for _, c := range message {
		s += c
	}
	return s
}

func appendSum(dst []byte, s byte) []byte {
	return append(dst, '1', '0', '=', '0'+s/100, '0'+s/10%10, '0'+s%10, separator)
}

func appendText(dst []byte, tag int, value string) []byte {
	dst = strconv.AppendInt(dst, int64(tag), 10)
	dst = append(dst, '=')
	dst = append(dst, value...)
	return append(dst, separator)
}

func appendInt(dst []byte, tag, value int) []byte {
	dst = strconv.AppendInt(dst, int64(tag), 10)
	dst = append(dst, '=')
	dst = strconv.AppendInt(dst, int64(value), 10)
	return append(dst, separator)
}

func appendTime(dst []byte, tag int, value time.Time) []byte {
	dst = strconv.AppendInt(dst, int64(tag), 10)
	dst = append(dst, '=')
	dst = value.UTC().AppendFormat(dst, timestamp)
	return append(dst, separator)
}
