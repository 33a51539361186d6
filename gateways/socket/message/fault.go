package message

import "fmt"

// Fault is why a message cannot be read, or must not be written: the field and the rule that it breaks, and as much of the
// message's head as could be read.
type Fault struct {
	Reason    Reason
	Field     string // as the layouts name it: legs[1].amount
	Rule      string
	Type      Type
	Version   Version
	Sequence  uint64
	Reference string
}

func (f *Fault) Error() string {
	return fmt.Sprintf("message %q %s: %s: %s: %s", f.Type, f.Version, f.Reason, f.Field, f.Rule)
}

// Reject is the answer to the message; received is what the core has of the provider's requests, this one included
// if it counts.
func (f *Fault) Reject(received uint64) *BusinessReject {
	return &BusinessReject{
		AnswerHead: AnswerHead{Received: received, Sequence: f.Sequence, Reference: f.Reference},
		Reason:     f.Reason, RefType: f.Type, RefVersion: f.Version, Field: f.Field, Text: f.Rule,
	}
}
