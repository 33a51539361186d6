package raw

import (
	"crypto/rand"
	"encoding/binary"
)

// An event is a record of fixed size: id, step, origin, the number of the trade, and filler. It stands for the JSON of
// a real event, of about the same size, that nobody here has to read.
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

// next is the event that r leads to: another id, the same trade.
func (r record) next(s step) record {
	n := make(record, eventBytes)
	copy(n, r)
	n[idBytes] = byte(s)
	n[0] = byte(s) // ids of a trade differ in the step: enough for an inbox
	return n
}

// split cuts a message's body into its records.
func split(body []byte) []record {
	all := make([]record, 0, len(body)/eventBytes)
	for ; len(body) >= eventBytes; body = body[eventBytes:] {
		all = append(all, record(body[:eventBytes]))
	}
	return all
}
