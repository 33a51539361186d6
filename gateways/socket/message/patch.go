package message

import "encoding/binary"

// Where an answer's numbers are: after type and version, in every version, for ever.
const (
	receivedAt = 2
	sequenceAt = receivedAt + 8
	headEnd    = sequenceAt + 8
)

// SetReceived writes how far requests were received into an answer that has been written: it is known only when the answer
// is sent. Whatever is shorter than a head is left as it is.
func SetReceived(answer []byte, received uint64) {
	if len(answer) >= headEnd {
		binary.BigEndian.PutUint64(answer[receivedAt:], received)
	}
}

// SetSequence writes another number of the request that is answered; see SetReceived.
func SetSequence(answer []byte, sequence uint64) {
	if len(answer) >= headEnd {
		binary.BigEndian.PutUint64(answer[sequenceAt:], sequence)
	}
}
