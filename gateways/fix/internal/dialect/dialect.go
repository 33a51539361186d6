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

// ErrNoAnswer means that FromEvent has no answer for an event: the event is not final, or it is trade.repeated or
// linecheck.repeated, for which the teller sends the stored answer again.
var ErrNoAnswer = errors.New("event has no answer of its own")

// Session has the facts of a provider's session that the dialect needs.
type Session struct {
	Provider         string // its id, as in the static data: SANDBOX44
	BeginString      string // FIX.4.4 or FIXT.1.1
	DefaultApplVerID string // 9 (FIX50SP2) over FIXT.1.1
	ShowsLimits      bool   // the provider is told the figures of its clients' lines

	agreed agreed // what answers may have beyond the version's standard; the Dialect sets it
}

// fix44 reports whether the session speaks FIX 4.4; else it speaks FIX 5.0SP2.
func (s Session) fix44() bool { return s.BeginString != beginStringFIXT }

func (s Session) origin() string { return strings.ToLower(s.Provider) }

// Incoming is the result of ToEvent.
type Incoming struct {
	Event event.Event
}

// Settings of a Dialect. The zero value means the published rules of engagement.
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

// EventID returns an event's id. It must be the same whenever the same message arrives again. correlation is the id of the
// trade or of the line check.
type EventID func(correlation string) string

// ToEvent turns a provider's application message into a request event with the id that the given function returns. now is
// the time of arrival.
//
// It refuses a message that is not valid for its type. The refusal becomes a session Reject for missing, malformed or impossible
// values. It becomes a BusinessMessageReject if this use of the message needs a field that is missing, or if the type is not
// served.
func (d *Dialect) ToEvent(s Session, id EventID, now time.Time, m *quickfix.Message) (Incoming, quickfix.MessageRejectError) {
	var buf [usual]field
	msg := reader{fields: scan(m.Bytes(), buf[:0], d.accountTag()), first: &fault{account: d.accountTag()}}
	d.standardize(msg)
	entry := entry{dialect: d, session: s, id: id, now: now}
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
