// Package journal is the law of the journal: what a record holds, how records form chains, and how a change is found.
//
// A record is one message. The records of a story (a trade, a line check) are in one chain, in the order of the stream.
// Each record has the hash of the record before it in its own hash, so whoever changes, removes or adds one must
// change all later ones, and the anchors of all later days.
package journal

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"hash/fnv"
	"time"

	"fxcore/lambda/event"
)

// Chains is how many chains there are, so that replicas append side by side. To change it ends all chains.
const Chains = 16

// AuditChain is the chain of the audit, beside those of the stories.
const AuditChain = 16

// ChainOf returns the chain of a story, 0 to Chains-1.
func ChainOf(correlation string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(correlation))
	return int(h.Sum32() % Chains)
}

// Record is one message in its place. Payload is as it is kept: secrets are masked and personal data are sealed.
type Record struct {
	Day   event.Day // on which it was appended
	Chain int
	Seq   int64 // its number in the chain, from 1, over all days

	ID, Correlation, Causation, Traceparent string
	Type, Origin, Source                    string // the type with its version: trade.requested.v1
	Time, Started                           time.Time
	Client, Provider, Reference             string // as the message names them; empty if it does not
	Code, Text                              string // why something was refused, if the message says so
	Payload                                 []byte

	Hash []byte
}

// Head is the end of a chain.
type Head struct {
	Chain  int
	Day    event.Day // of the last record, or of the next one if the day has begun
	Seq    int64     // of the last record; 0: there is none
	Hash   []byte    // of the last record; empty: there is none
	Offset int64     // of the last message of the stream that the chain has taken or passed over; -1: of none
	Claim  Claim
}

// Claim is a fencing token: a store that does not lock refuses whoever has an older one. It is zero where the store locks.
type Claim struct {
	Number int64
	At     int64 // timestamp of the records that are written under it; grows from claim to claim
}

// Append gives the records their places behind the head and their hashes. It returns the new head, which has passed the offset.
func (h Head) Append(records []Record, offset int64) Head {
	for i := range records {
		r := &records[i]
		r.Day, r.Chain, r.Seq = h.Day, h.Chain, h.Seq+1
		r.Hash = Sum(h.Hash, *r)
		h.Seq, h.Hash = r.Seq, r.Hash
	}
	h.Offset = max(h.Offset, offset)
	return h
}

// Sum returns the hash of a record that follows one with the hash before. It is the SHA-256 of that hash and of all fields, each
// with its length.
func Sum(before []byte, r Record) []byte {
	s := sum{sha256.New()}
	s.bytes(before)
	s.number(int64(r.Day))
	s.number(int64(r.Chain))
	s.number(r.Seq)
	for _, text := range []string{
		r.ID, r.Correlation, r.Causation, r.Traceparent, r.Type, r.Origin, r.Source, r.Client, r.Provider, r.Reference, r.Code, r.Text,
	} {
		s.bytes([]byte(text))
	}
	s.number(micro(r.Time))
	s.number(micro(r.Started))
	s.bytes(r.Payload)
	return s.Hash.Sum(nil)
}

type sum struct{ hash.Hash }

func (s sum) bytes(b []byte) {
	s.number(int64(len(b)))
	_, _ = s.Write(b)
}

func (s sum) number(n int64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(n))
	_, _ = s.Write(b[:])
}

// micro returns the microseconds since 1970, which every store keeps; 0 for no time.
func micro(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}
