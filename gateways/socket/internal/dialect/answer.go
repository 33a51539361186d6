package dialect

import (
	"encoding/json"
	"fmt"

	"fxcore/gateways/internal/story"
	"fxcore/gateways/socket/message"
	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/reason"
)

// Pending returns the answer that says that a request is pending.
func (d *Dialect) Pending(e event.Event) (*message.Pending, error) {
	var view struct {
		Request struct {
			TradeDate string `json:"trade_date"`
			Reference string `json:"reference"`
			Echo      Echo   `json:"echo"`
		} `json:"request"`
	}
	if err := e.Read(&view); err != nil {
		return nil, err
	}
	r := view.Request
	return &message.Pending{
		AnswerHead: head(r.Reference, r.Echo), Of: message.Type(form(r.Echo)), ID: e.Correlation, TradeDate: r.TradeDate, TakenAt: e.Time,
	}, nil
}

// FromEvent returns the provider's answer for a final event. It fails if the event is not final, if the request did not come by
// socket (story.ErrElsewhere), or if the data cannot be read.
func (d *Dialect) FromEvent(e event.Event) (message.Answer, error) {
	switch e.Type.Name {
	case contract.TradeRegistered.Name, contract.TradeRejected.Name:
		return d.tradeAnswer(e)
	case contract.LineCheckCompleted.Name, contract.LineCheckRejected.Name:
		return d.checkAnswer(e)
	}
	return nil, fmt.Errorf("answer %s %s: no end of a story", e.Type, e.ID)
}

// Sequence returns the number of an event's request; 0 if the event has none.
func Sequence(e event.Event) uint64 {
	var view struct {
		Request struct {
			Echo json.RawMessage `json:"echo"`
		} `json:"request"`
	}
	var echo Echo
	if e.Read(&view) != nil || json.Unmarshal(view.Request.Echo, &echo) != nil {
		return 0
	}
	return echo.Sequence
}

func head(reference string, echo Echo) message.AnswerHead {
	return message.AnswerHead{Sequence: echo.Sequence, Reference: reference}
}

func form(echo Echo) byte {
	if len(echo.Form) != 1 {
		return 0
	}
	return echo.Form[0]
}

func (d *Dialect) tradeAnswer(e event.Event) (message.Answer, error) {
	var end story.TradeEnd[Echo]
	if err := e.Read(&end); err != nil {
		return nil, err
	}
	if !d.limits {
		end = end.WithoutLimits()
	}
	switch message.Type(form(end.Request.Echo)) {
	case message.TypeTradeRequest:
		if end.Rejected != nil {
			return tradeRejected(e, end), nil
		}
		return executed(e, end)
	case message.TypeTradeReport:
		return reportAnswered(e, end)
	default:
		return nil, fmt.Errorf("answer %s %s: %w", e.Type, e.ID, story.ErrElsewhere)
	}
}

func tradeRejected(e event.Event, end story.TradeEnd[Echo]) *message.TradeRejected {
	t := end.Request
	return &message.TradeRejected{
		AnswerHead: head(t.Reference, t.Echo), TradeID: ownID(t.TradeID, end.Rejected), AnswerID: e.ID, DecidedAt: e.Time, Refusal: refusal(*end.Rejected),
	}
}

func reportAnswered(e event.Event, end story.TradeEnd[Echo]) (message.Answer, error) {
	t := end.Request
	a := &message.ReportAnswered{
		AnswerHead: head(t.Reference, t.Echo), Outcome: message.Approved, TradeID: ownID(t.TradeID, end.Rejected), AnswerID: e.ID, TradeDate: t.TradeDate, DecidedAt: e.Time,
	}
	switch {
	case end.Rejected != nil:
		a.Outcome, a.Refusal = message.Refused, refusal(*end.Rejected)
	case end.Registered != nil:
		a.DecidedAt, a.Text, a.ReportedTradeDate = end.Registered.RegisteredAt, end.Notes(), t.ReportedTradeDate
	default:
		return nil, fmt.Errorf("answer %s %s: neither registered nor rejected", e.Type, e.ID)
	}
	return a, nil
}

// noID stands where a rejection has no id of its own. It is FIX's word for that.
const noID = "NONE"

// ownID returns the id of a request's trade or line check. A request that is rejected as a duplicate has none: the id is that of
// the request that had the reference first.
func ownID(id string, r *story.Rejected) string {
	if r != nil && r.Code == reason.Duplicate {
		return noID
	}
	return id
}

func refusal(r story.Rejected) message.Refusal {
	return message.Refusal{Code: string(r.Code), Text: r.Text}
}
