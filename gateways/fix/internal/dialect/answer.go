package dialect

import (
	"fmt"
	"strings"
	"time"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/internal/story"
	"fxcore/lambda/event"
	"fxcore/services/contract"
)

const (
	timestampLayout = "20060102-15:04:05.000"
	maxAnswerText   = 512
)

// FromEvent returns the provider's answer for a final event: an ExecutionReport, TradeCaptureReportAck or
// PartyRiskLimitCheckRequestAck. It sets MsgType and the body; the engine adds the other fields. The same event gives the same
// bytes. It fails with ErrNoAnswer for an event that is not final, and with another error if it cannot read the data.
func (d *Dialect) FromEvent(s Session, e event.Event) (*quickfix.Message, error) {
	answer, err := standardAnswer(d.agreedOn(s), e)
	if err != nil {
		return nil, err
	}
	return d.vary(answer), nil
}

func standardAnswer(s Session, e event.Event) (*quickfix.Message, error) {
	switch e.Type.Name {
	case contract.TradeRegistered.Name, contract.TradeRejected.Name:
		return tradeAnswer(s, e)
	case contract.LineCheckCompleted.Name, contract.LineCheckRejected.Name:
		return checkAnswer(s, e)
	}
	return nil, fmt.Errorf("answer %s: %w", e.Type, ErrNoAnswer)
}

// Pending returns the answer that says that a request is safe and not decided yet. An order has one, an ExecutionReport with 150=A
// and 39=A. FIX 4.4 has none for a report. A line check gets none either: FIX's APPROVAL_PENDING (2325=3) means that a
// person must approve, and the decision follows within milliseconds. The event is the request's, or the one that decided it.
func (d *Dialect) Pending(s Session, e event.Event) (*quickfix.Message, bool) {
	switch e.Type.Name {
	case contract.TradeRequested.Name:
	case contract.TradeRegistered.Name, contract.TradeRejected.Name:
		e.ID = event.NewID(event.DayOfID(e.Correlation), "pending", e.ID) // its ExecID is not that of the decision
	default:
		return nil, false
	}
	if d.variation.NoPending {
		return nil, false
	}
	var story tradeStory
	if err := e.Read(&story); err != nil || story.Request.Kind != KindRequest || len(story.Request.Legs) == 0 {
		return nil, false
	}
	return d.vary(pending(d.agreedOn(s), e, story.Request)), true
}

func tradeAnswer(s Session, e event.Event) (*quickfix.Message, error) {
	var end tradeStory
	if err := e.Read(&end); err != nil {
		return nil, err
	}
	if !s.ShowsLimits {
		end = end.WithoutLimits()
	}
	t := end.Request
	if err := checkEnd(end, e); err != nil {
		return nil, err
	}
	switch {
	case t.Echo.Form == formReport:
		return reportAck(s, e, end), nil
	case end.Rejected != nil:
		return rejection(s, e, t, *end.Rejected), nil
	}
	return fill(s, e, end), nil
}

// checkEnd returns an error that names what an event lacks for an answer.
func checkEnd(end tradeStory, e event.Event) error {
	t := end.Request
	accepted := end.Rejected == nil
	switch {
	case t.Echo.Form == "":
		return fmt.Errorf("answer %s %s: %w", e.Type, e.ID, story.ErrElsewhere)
	case len(t.Legs) == 0:
		return fmt.Errorf("answer %s %s: no legs", e.Type, e.ID)
	case accepted && (end.Validated == nil || end.Registered == nil):
		return fmt.Errorf("answer %s %s: neither registered nor rejected", e.Type, e.ID)
	case accepted && len(end.Validated.Legs) != len(t.Legs):
		return fmt.Errorf("answer %s %s: %d legs asked, %d validated", e.Type, e.ID, len(t.Legs), len(end.Validated.Legs))
	}
	return nil
}

// answer is a message being written. Empty values are left out.
type answer struct {
	*quickfix.Message
}

func newAnswer(msgType string) answer {
	a := answer{quickfix.NewMessage()}
	a.Header.SetString(tagMsgType, msgType)
	return a
}

func (a answer) set(tag quickfix.Tag, value string) {
	if value != "" {
		a.Body.SetString(tag, value)
	}
}

// text writes a text for a person. It keeps only printable ASCII and bounds the length, so that the message stays valid.
func (a answer) text(tag quickfix.Tag, value string) {
	clean := strings.Map(func(r rune) rune {
		switch {
		case r < ' ':
			return ' '
		case r > '~':
			return '?'
		}
		return r
	}, value)
	a.set(tag, clean[:min(len(clean), maxAnswerText)])
}

func (a answer) time(tag quickfix.Tag, at time.Time) {
	if !at.IsZero() {
		a.set(tag, at.UTC().Format(timestampLayout))
	}
}

// date writes YYYY-MM-DD as LocalMktDate.
func (a answer) date(tag quickfix.Tag, day string) { a.set(tag, fixDate(day)) }

func fixDate(day string) string { return strings.ReplaceAll(day, "-", "") }

// party names the client as a party of role 3.
func (a answer) party(client string) {
	group := quickfix.NewRepeatingGroup(tagNoPartyIDs, quickfix.GroupTemplate{
		quickfix.GroupElement(tagPartyID), quickfix.GroupElement(tagPartyIDSource), quickfix.GroupElement(tagPartyRole),
	})
	p := group.Add()
	p.SetString(tagPartyID, client)
	p.SetString(tagPartyIDSource, "D") // proprietary
	p.SetString(tagPartyRole, roleClient)
	a.Body.SetGroup(group)
}
