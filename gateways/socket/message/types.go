package message

import "fmt"

// Type is the first byte of a message.
type Type byte

// The types of messages.
const (
	TypeTradeRequest  Type = 'T' // provider: asks for a trade
	TypeTradeReport   Type = 'P' // provider: reports a trade that was done elsewhere
	TypeLineCheck     Type = 'C' // provider: reserve, consume or cancel on a client's line
	TypeStatusRequest Type = 'Q' // provider: asks which requests were received, and for the state of one

	TypePending        Type = 'A' // core: the core has the request and will decide it
	TypeExecuted       Type = 'E' // core: the trade is done
	TypeTradeRejected  Type = 'X' // core: the trade is refused
	TypeReportAnswered Type = 'K' // core: the reported trade is accepted or refused
	TypeLineChecked    Type = 'L' // core: the line check is decided
	TypeStatus         Type = 'I' // core: answer to a status request
	TypeBusinessReject Type = 'B' // core: the message is not valid, or cannot be taken now
)

// Version is the second byte of a message: the major version in the high half, the minor one in the low half. A newer minor version
// only appends fields to a message or to an entry of a group, and older readers ignore them. It may bring new codes: a provider
// gets them only in answers to a request that uses them. Any other change makes a new major version.
type Version byte

// Current is the version that this package writes.
const Current Version = 0x12

// Major returns the major version. A reader must know it to read the message.
func (v Version) Major() int { return int(v >> 4) }

// Minor returns the minor version. It says which appended fields there are.
func (v Version) Minor() int { return int(v & 0x0f) }

// String returns the version in the form major.minor.
func (v Version) String() string { return fmt.Sprintf("%d.%d", v.Major(), v.Minor()) }

// Bounds of a message's size, in bytes. A newer minor version must keep them.
const (
	MaxRequest = 2 << 10
	MaxAnswer  = 8 << 10
)

// Message is one of the messages of this package.
type Message interface {
	Type() Type
	fields(f *fields)
}

// Request is a message from a provider.
type Request interface {
	Message
	Head() *RequestHead
}

// Answer is a message from the core.
type Answer interface {
	Message
	Head() *AnswerHead
}

// RequestHead follows type and version in every request, in all versions. So a request that cannot be read further can still be
// refused by its number and reference.
type RequestHead struct {
	Sequence  uint64 // number of the request: 1, 2, 3 …; a status request does not count
	Reference string // the provider's own, at most 64 printable ASCII characters, unique per trade date
}

// Head returns the head itself.
func (h *RequestHead) Head() *RequestHead { return h }

func (h *RequestHead) walk(f *fields) {
	f.number("sequence", &h.Sequence)
	f.text("reference", &h.Reference, optional(maxReference))
}

// need checks the head of every request but the status request.
func (h *RequestHead) need(f *fields) {
	if h.Sequence == 0 {
		f.fail("sequence", "the first is 1")
	}
	if h.Reference == "" {
		f.fail("reference", ruleNeeded)
	}
}

// AnswerHead follows type and version in every answer, in all versions.
type AnswerHead struct {
	Received  uint64 // the core has all requests up to this number; send those above it again after a reconnect
	Sequence  uint64 // number of the answered request; 0 if it had none
	Reference string // reference of the answered request; empty if it had none
}

// Head returns the head itself.
func (h *AnswerHead) Head() *AnswerHead { return h }

func (h *AnswerHead) walk(f *fields) {
	f.number("received", &h.Received)
	f.number("sequence", &h.Sequence)
	f.text("reference", &h.Reference, optional(maxReference))
}
