package journal

import (
	"bytes"
	"fmt"

	"fxcore/lambda/event"
)

// Part is what a chain holds of one day, as it was noted when the day began and when it ended.
type Part struct {
	Chain     int
	Day       event.Day
	FirstSeq  int64  // of the last record before the day
	FirstHash []byte // of the same
	LastSeq   int64
	LastHash  []byte
	Anchored  bool // the day has ended: LastSeq and LastHash are its anchor
}

// Fault is the first place at which a chain is not what was written.
type Fault struct {
	Chain int
	Day   event.Day
	Seq   int64
	ID    string // of the record that is there; empty if none is
	What  What
}

// What happened to a record.
type What string

// The faults that a verifier tells apart.
const (
	Changed     What = "changed"        // the record is not the one that was hashed
	Missing     What = "missing"        // there is no record with this number
	Added       What = "added"          // there is a record that no head counts
	AnchorMoved What = "anchor changed" // the day's end is not what its anchor says
	DayMissing  What = "day missing"    // a whole day is missing
)

// Error tells the fault in a sentence.
func (f Fault) Error() string {
	return fmt.Sprintf("chain %d, %s, record %d %s: %s", f.Chain, f.Day.Begin().Format("2006-01-02"), f.Seq, f.ID, f.What)
}

// Verifier walks one chain, day by day, from its oldest day. Begin a day, hand it the day's records in order, end the day.
// After the first fault it must not be used any more.
type Verifier struct {
	part Part
	seq  int64
	hash []byte
	any  bool

	Records int // that were found sound
}

// Begin begins the next day of the chain. It returns a fault if the day does not follow the one before.
func (v *Verifier) Begin(p Part) error {
	if v.any && p.FirstSeq > v.seq {
		return v.fault(p, v.seq+1, "", DayMissing)
	}
	if v.any && (p.FirstSeq != v.seq || !bytes.Equal(p.FirstHash, v.hash)) {
		return v.fault(p, p.FirstSeq, "", AnchorMoved)
	}
	v.part, v.seq, v.hash, v.any = p, p.FirstSeq, p.FirstHash, true
	return nil
}

// Next checks the next record of the day, in the order of their numbers.
func (v *Verifier) Next(r Record) error {
	switch {
	case r.Seq > v.part.LastSeq || r.Seq <= v.seq:
		if v.seq < v.part.LastSeq && r.Seq > v.seq {
			return v.fault(v.part, v.seq+1, "", Missing)
		}
		return v.fault(v.part, r.Seq, r.ID, Added)
	case r.Seq > v.seq+1:
		return v.fault(v.part, v.seq+1, "", Missing)
	case !bytes.Equal(r.Hash, Sum(v.hash, r)):
		return v.fault(v.part, r.Seq, r.ID, Changed)
	}
	v.seq, v.hash = r.Seq, r.Hash
	v.Records++
	return nil
}

// End ends the day. It returns a fault if records are missing at its end, or if its last record is not the anchored one.
func (v *Verifier) End() error {
	if v.seq < v.part.LastSeq {
		return v.fault(v.part, v.seq+1, "", Missing)
	}
	if !bytes.Equal(v.hash, v.part.LastHash) {
		return v.fault(v.part, v.seq, "", AnchorMoved)
	}
	return nil
}

func (v *Verifier) fault(p Part, seq int64, id string, what What) error {
	return Fault{Chain: p.Chain, Day: p.Day, Seq: seq, ID: id, What: what}
}
