package amqp

import (
	"crypto/sha256"
	"encoding/binary"
)

// rank is a consumer's place at a queue. One replica of a service is preferred at each queue, not the same one at all: what
// comes at the same time is then one batch, one transaction and one commit instead of two, which do not wait for each other's
// rows either. Nobody has to know how many replicas there are, and what a replica is called is all that counts.
func rank(queue, source string) int64 {
	sum := sha256.Sum256([]byte(queue + "\x00" + source)) // names differ in their last character: every bit must depend on it
	return int64(binary.BigEndian.Uint32(sum[:]))
}
