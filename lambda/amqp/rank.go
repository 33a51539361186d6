package amqp

import (
	"crypto/sha256"
	"encoding/binary"
)

// rank is a consumer's priority at a queue (x-priority). The broker prefers the replica with the highest rank, so events that
// come at the same time make one batch and one transaction there, instead of two that wait for each other's rows. The rank is
// a hash of the queue's and the replica's names: different queues prefer different replicas, and no replica has to know the
// others.
func rank(queue, source string) int64 {
	sum := sha256.Sum256([]byte(queue + "\x00" + source)) // names differ in their last character: every bit must depend on it
	return int64(binary.BigEndian.Uint32(sum[:]))
}
