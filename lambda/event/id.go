package event

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

const textLength = 36 // of a UUID

// NewID derives an identifier from the day of its story and from parts: a UUID of version 8 (RFC 9562, 5.8) that begins
// with the day, 16 bits, and goes on with the SHA-256 of the parts. Parts are length-framed, so {"a","bc"} and {"ab","c"}
// differ.
func NewID(day Day, parts ...string) string {
	sum := digest(parts)
	binary.BigEndian.PutUint16(sum[:], uint16(day))
	sum[6] = sum[6]&0x0f | 0x80
	sum[8] = sum[8]&0x3f | 0x80
	var b [textLength]byte
	hex.Encode(b[0:8], sum[0:4])
	hex.Encode(b[9:13], sum[4:6])
	hex.Encode(b[14:18], sum[6:8])
	hex.Encode(b[19:23], sum[8:10])
	hex.Encode(b[24:36], sum[10:16])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	return string(b[:])
}

// ChildID derives the identifier of what the parent led to. It has the parent's day, so a whole story lies on one.
func ChildID(parent string, parts ...string) string {
	return NewID(DayOfID(parent), append([]string{parent}, parts...)...)
}

func digest(parts []string) [sha256.Size]byte {
	var buf [256]byte
	framed := buf[:0]
	for _, p := range parts {
		n := len(p)
		framed = append(framed, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
		framed = append(framed, p...)
	}
	return sha256.Sum256(framed)
}

// newTraceparent starts a W3C trace: its id is derived from the correlation, its span id from the event.
func newTraceparent(correlation, id string) string {
	return formatTraceparent(TraceID(correlation), digest([]string{"span", id}))
}

// TraceID returns the W3C trace id of the story of a business object: 32 hexadecimal digits.
func TraceID(correlation string) string {
	trace := digest([]string{"trace", correlation})
	return hex.EncodeToString(trace[:16])
}

// childTraceparent returns the parent's trace id with a span id of the event's own. If the parent does not have the
// length of a traceparent, it starts a new trace.
func childTraceparent(parent, id string) string {
	if len(parent) != 55 {
		return newTraceparent(id, id)
	}
	return formatTraceparent(parent[3:35], digest([]string{"span", id}))
}

func formatTraceparent(trace string, span [sha256.Size]byte) string {
	return "00-" + trace + "-" + hex.EncodeToString(span[:8]) + "-01"
}

// SpanID returns the span id of an event with this id: 16 hexadecimal digits, as in its traceparent.
func SpanID(id string) string {
	span := digest([]string{"span", id})
	return hex.EncodeToString(span[:8])
}
