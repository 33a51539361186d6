package message

import "fmt"

// Type is the first byte of a message.
type Type byte

// The types of messages.
const (
	TypeTradeRequest  Type = 'T' // provider: a trade is asked for
	TypeTradeReport   Type = 'P' // provider: a trade was done elsewhere
	TypeLineCheck     Type = 'C' // provider: reserve, consume or cancel on a client's line
	TypeStatusRequest Type = 'Q' // provider: how far did you receive, and what became of one reference

	TypePending        Type = 'A' // core: the request is safe with us and not yet decided
	TypeExecuted       Type = 'E' // core: the trade is done
	TypeTradeRejected  Type = 'X' // core: the trade is refused
	TypeReportAnswered Type = 'K' // core: the reported trade is taken or refused
	TypeLineChecked    Type = 'L' // core: the line check is decided
	TypeStatus         Type = 'I' // core: answer to a status request
	TypeBusinessReject Type = 'B' // core: the message cannot be read or taken
)

// Version is the second byte: major in the high half, minor in the low one. A newer minor version only appends fields
// to a message or to an entry of a group; who knows an older one ignores them. All else is a new major version.
type Version byte

// Current is the version that this package writes.
const Current Version = 0x10

// Major is the half that must be known to read a message at all.
func (v Version) Major() int { return int(v >> 4) }

// Minor is the half that tells which appended fields there are.
func (v Version) Minor() int { return int(v & 0x0f) }

// String is major.minor.
func (v Version) String() string { return fmt.Sprintf("%d.%d", v.Major(), v.Minor()) }

// Bounds of a message's size, bytes. A newer minor version stays within them.
const (
	MaxRequest = 2 << 10
	MaxAnswer  = 8 << 10
)

// Message is one of the messages of this package.
type Message interface {
	Type() Type
	fields(f *fields)
}

// Request is a message of a provider's.
type Request interface {
	Message
	Head() *RequestHead
}

// Answer is a message of the core's.
type Answer interface {
	Message
	Head() *AnswerHead
}

// RequestHead follows type and version in every request, of every version, for ever: so that a request which cannot be
// read on can still be refused by its number and reference.
type RequestHead struct {
	Sequence  uint64 // number of the request: 1 for the first, then one more each; a status request does not count
	Reference string // the provider's own, at most 64 printable ASCII characters, unique per trade date
}

// Head returns the head itself.
func (h *RequestHead) Head() *RequestHead { return h }

func (h *RequestHead) walk(f *fields) {
	f.number("sequence", &h.Sequence)
	f.text("reference", &h.Reference, optional(maxReference))
}

// need checks what all requests have but the status request.
func (h *RequestHead) need(f *fields) {
	if h.Sequence == 0 {
		f.fail("sequence", "the first is 1")
	}
	if h.Reference == "" {
		f.fail("reference", ruleNeeded)
	}
}

// AnswerHead follows type and version in every answer, of every version, for ever.
type AnswerHead struct {
	Received  uint64 // all requests up to this number are safe with us; those above it are to be sent again after a reconnect
	Sequence  uint64 // of the request that is answered, 0 if it had none
	Reference string // of the request that is answered, empty if it had none
}

// Head returns the head itself.
func (h *AnswerHead) Head() *AnswerHead { return h }

func (h *AnswerHead) walk(f *fields) {
	f.number("received", &h.Received)
	f.number("sequence", &h.Sequence)
	f.text("reference", &h.Reference, optional(maxReference))
}
