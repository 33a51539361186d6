package wire

import (
	"bytes"
	"crypto/sha256"
)

// Content returns the SHA-256 of what a sender does not change when it sends a message again: all fields but those of the framing, and
// PossDupFlag(43), SendingTime(52), OrigSendingTime(122), LastMsgSeqNumProcessed(369).
func Content(msg []byte) []byte {
	sum := sha256.New()
	for field := range bytes.SplitSeq(msg, []byte{soh}) {
		tag, _, _ := bytes.Cut(field, []byte{'='})
		switch string(tag) {
		case "8", "9", "10", "43", "52", "122", "369":
			continue
		}
		_, _ = sum.Write(field)
		_, _ = sum.Write([]byte{soh})
	}
	return sum.Sum(nil)
}
