package amqp

import "hash/fnv"

// ranks is how many there are: enough that two replicas hardly ever have the same, which would share a queue between them.
const ranks = 1 << 20

// rank is a consumer's place at a queue. One replica of a service is preferred at each queue, not the same one at all: what
// comes at the same time is then one batch, one transaction and one commit instead of two, which do not wait for each other's
// rows either. Nobody has to know how many replicas there are, and what a replica is called is all that counts.
func rank(queue, source string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(queue + "\x00" + source)) // never fails
	sum := h.Sum64()
	sum ^= sum >> 33 // names differ in their last character, which alone decides over the low bits
	sum *= 0xff51afd7ed558ccd
	sum ^= sum >> 33
	return int64(sum % ranks) //nolint:gosec // it is small
}
