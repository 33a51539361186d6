package message

import "fmt"

// Fault is why a message cannot be read or written: the field, the rule that it breaks, and the part of the message's head that
// could be read.
type Fault struct {
	Reason    Reason
	Field     string // name of the field in the layouts: legs[1].amount
	Rule      string
	Type      Type
	Version   Version
	Sequence  uint64
	Reference string
}

func (f *Fault) Error() string {
	return fmt.Sprintf("message %q %s: %s: %s: %s", f.Type, f.Version, f.Reason, f.Field, f.Rule)
}

// Reject returns the answer to the faulty message. received is the number up to which the core has the provider's requests. It
// includes the faulty message if that counts as received.
func (f *Fault) Reject(received uint64) *BusinessReject {
	return &BusinessReject{
		AnswerHead: AnswerHead{Received: received, Sequence: f.Sequence, Reference: f.Reference},
		Reason:     f.Reason, RefType: f.Type, RefVersion: f.Version, Field: f.Field, Text: f.Rule,
	}
}
