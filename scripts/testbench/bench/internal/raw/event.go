package raw

import (
	"crypto/rand"
	"encoding/binary"
)

// An event is a record of fixed size: id, step, origin, number of the trade, and filler. It stands for a real event's
// JSON of about the same size, which nothing here parses.
const (
	eventBytes = 1000
	stateBytes = 800
	idBytes    = 16
)

type record []byte

func newRecord(origin byte, trade uint64) record {
	r := make(record, eventBytes)
	_, _ = rand.Read(r[:idBytes]) // never fails: see crypto/rand
	r[idBytes+1] = origin
	binary.BigEndian.PutUint64(r[idBytes+2:], trade)
	return r
}

func (r record) id() (id [idBytes]byte) { copy(id[:], r); return id }
func (r record) step() step             { return step(r[idBytes]) }
func (r record) origin() byte           { return r[idBytes+1] }
func (r record) trade() uint64          { return binary.BigEndian.Uint64(r[idBytes+2:]) }

// next returns the event that follows r: another id, the same trade.
func (r record) next(s step) record {
	n := make(record, eventBytes)
	copy(n, r)
	n[idBytes] = byte(s)
	n[0] = byte(s) // the ids of a trade's events differ only in the step, which is enough for an inbox
	return n
}

// split returns the records in a message's body.
func split(body []byte) []record {
	all := make([]record, 0, len(body)/eventBytes)
	for ; len(body) >= eventBytes; body = body[eventBytes:] {
		all = append(all, record(body[:eventBytes]))
	}
	return all
}
