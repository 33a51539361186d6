package dialect

import (
	"errors"
	"strings"
	"time"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/variation"
	"fxcore/lambda/event"
	"fxcore/services/contract/fxdate"
)

// ErrNoAnswer is returned by FromEvent for an event that no message answers: one that is no final decision, or
// trade.repeated and linecheck.repeated, for which the stored answer is sent again.
var ErrNoAnswer = errors.New("event has no answer of its own")

// Session is what the dialect needs to know of a provider's session.
type Session struct {
	Provider         string // its id, as in the static data: SANDBOX44
	BeginString      string // FIX.4.4 or FIXT.1.1
	DefaultApplVerID string // 9 (FIX50SP2) over FIXT.1.1
}

// fix44 tells the two versions apart.
func (s Session) fix44() bool { return s.BeginString != beginStringFIXT }

func (s Session) origin() string { return strings.ToLower(s.Provider) }

// Incoming is what a provider's message turns into.
type Incoming struct {
	Event event.Event
}

// Settings of a Dialect. The zero value is the rules of engagement as published.
type Settings struct {
	Deadline  time.Duration // from TransactTime(60) to the end of a request's validity; 60 s if zero
	Variation variation.Variation
}

const (
	defaultDeadline = 60 * time.Second
	// maxAhead is how far a provider's clock may be ahead of ours.
	maxAhead = 2 * time.Minute
)

// Dialect translates between FIX and events. It has no state and is safe for concurrent use.
type Dialect struct {
	deadline  time.Duration
	rollover  fxdate.Rollover
	variation variation.Variation
	standard  bool // there is no variation
}

// New returns a Dialect.
func New(s Settings) *Dialect {
	if s.Deadline <= 0 {
		s.Deadline = defaultDeadline
	}
	return &Dialect{deadline: s.Deadline, rollover: fxdate.NewRollover(), variation: s.Variation, standard: s.Variation.Standard()}
}

// ToEvent turns a provider's application message into the event that enters the core. entryID becomes the event's ID:
// it must be the same whenever the same message arrives again. now is when the message arrived.
//
// It refuses what cannot be read as the message that it says it is: a session Reject (missing, malformed or impossible
// values) or a BusinessMessageReject (a field missing that this use needs, a message type that is not served).
func (d *Dialect) ToEvent(s Session, entryID string, now time.Time, m *quickfix.Message) (Incoming, quickfix.MessageRejectError) {
	var buf [usual]field
	msg := reader{fields: scan(m.Bytes(), buf[:0], d.accountTag()), first: &fault{account: d.accountTag()}}
	d.standardize(msg)
	entry := entry{dialect: d, session: s, id: entryID, now: now}
	msgType, _ := msg.value(tagMsgType)
	form := d.form(string(msgType))
	switch form {
	case formOrder:
		return entry.order(msg)
	case formMultileg:
		return entry.multileg(msg)
	case formReport:
		return entry.report(msg)
	case formCheck, formCheck44:
		return entry.check(msg, form)
	}
	return Incoming{}, quickfix.UnsupportedMessageType()
}

// Overloaded refuses a message that the gateway has no room for: BusinessMessageReject with 380=4, naming the
// provider's reference.
func (d *Dialect) Overloaded(_ Session, m *quickfix.Message) quickfix.MessageRejectError {
	for _, tag := range []quickfix.Tag{tagClOrdID, tagTradeReportID, tagCheckRequestID} {
		if reference, err := m.Body.GetString(tag); err == nil {
			return overloaded(reference[:min(len(reference), maxReference)])
		}
	}
	return overloaded("")
}
