package soup

import (
	"encoding/binary"
	"fmt"
)

// Type is the first byte after a packet's length (SoupBinTCP 3.00, section 2).
type Type byte

// The types of packets, by who sends them.
const (
	TypeDebug Type = '+' // either side: text for a person, to be ignored

	TypeLoginRequest    Type = 'L' // client: section 2.3.1
	TypeUnsequenced     Type = 'U' // client: a message
	TypeClientHeartbeat Type = 'R' // client: after a second of silence
	TypeLogout          Type = 'O' // client: the server may close the connection

	TypeLoginAccepted   Type = 'A' // server: section 2.2.1
	TypeLoginRejected   Type = 'J' // server: section 2.2.2; then it closes the connection
	TypeSequenced       Type = 'S' // server: a message; its number is that of the one before plus one
	TypeServerHeartbeat Type = 'H' // server: after a second of silence
	TypeEndOfSession    Type = 'Z' // server: the session has no more messages, ever
)

// Side is the sender of a packet.
type Side int

// The two sides.
const (
	Client Side = iota
	Server
)

// MaxPayload is the longest payload that the length field can announce.
const MaxPayload = 1<<16 - 2

// lengthSize is the width of the length field.
const lengthSize = 2

// Packet is one packet. The payload belongs to the Reader and is valid until the next call of Next.
type Packet struct {
	Type    Type
	Payload []byte
}

// anySize means that a payload may have any length.
const anySize = -1

// sizeOf returns the payload length of a packet type. It returns false if the side must not send that type.
func sizeOf(t Type, from Side) (size int, ok bool) {
	if t == TypeDebug {
		return anySize, true
	}
	if from == Client {
		return clientSize(t)
	}
	return serverSize(t)
}

func clientSize(t Type) (size int, ok bool) {
	switch t {
	case TypeUnsequenced:
		return anySize, true
	case TypeLoginRequest:
		return loginSize, true
	case TypeClientHeartbeat, TypeLogout:
		return 0, true
	default:
		return 0, false
	}
}

func serverSize(t Type) (size int, ok bool) {
	switch t {
	case TypeSequenced:
		return anySize, true
	case TypeLoginAccepted:
		return acceptanceSize, true
	case TypeLoginRejected:
		return rejectionSize, true
	case TypeServerHeartbeat, TypeEndOfSession:
		return 0, true
	default:
		return 0, false
	}
}

// Append appends a packet. If the payload is longer than MaxPayload it returns ErrTooLong, and b unchanged.
func Append(b []byte, t Type, payload []byte) ([]byte, error) {
	if len(payload) > MaxPayload {
		return b, fmt.Errorf("packet %q of %d bytes: %w", t, len(payload), ErrTooLong)
	}
	b = binary.BigEndian.AppendUint16(b, uint16(1+len(payload)))
	return append(append(b, byte(t)), payload...), nil
}
