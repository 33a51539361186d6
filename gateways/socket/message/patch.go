package message

import "encoding/binary"

// Positions of the numbers in an answer: after type and version, the same in all versions.
const (
	receivedAt = 2
	sequenceAt = receivedAt + 8
	headEnd    = sequenceAt + 8
)

// SetReceived writes the number up to which requests were received into an encoded answer. The number is known only when the
// answer is sent. SetReceived does nothing if answer is shorter than a head.
func SetReceived(answer []byte, received uint64) {
	if len(answer) >= headEnd {
		binary.BigEndian.PutUint64(answer[receivedAt:], received)
	}
}

// SetSequence writes the number of the answered request into an encoded answer; see SetReceived.
func SetSequence(answer []byte, sequence uint64) {
	if len(answer) >= headEnd {
		binary.BigEndian.PutUint64(answer[sequenceAt:], sequence)
	}
}
