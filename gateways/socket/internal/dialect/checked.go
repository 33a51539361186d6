package dialect

import (
	"fmt"

	"fxcore/gateways/internal/story"
	"fxcore/gateways/socket/message"
	"fxcore/lambda/event"
)

// lineCurrency is the currency of all lines.
const lineCurrency = "USD"

// maxNodes is the largest number of lines in an answer.
const maxNodes = 16

// checkAnswer answers a line check: approved, consumed, cancelled, or refused with the lines that have no room.
func (d *Dialect) checkAnswer(e event.Event) (message.Answer, error) {
	var end story.CheckEnd[Echo]
	if err := e.Read(&end); err != nil {
		return nil, err
	}
	if !d.limits {
		end = end.WithoutLimits()
	}
	c := end.Request
	if message.Type(form(c.Echo)) != message.TypeLineCheck {
		return nil, fmt.Errorf("answer %s %s: %w", e.Type, e.ID, story.ErrElsewhere)
	}
	a := &message.LineChecked{
		AnswerHead: head(c.Reference, c.Echo), Action: actions[c.Action], CheckID: ownID(c.CheckID, end.Rejected), AnswerID: e.ID,
		ReservationID: reservation(c), DecidedAt: e.Time,
	}
	if a.CheckID == noID || c.NamesNone(end.Rejected) {
		a.ReservationID = ""
	}
	switch {
	case end.Rejected != nil:
		a.Outcome, a.Refusal, a.Nodes = message.Refused, refusal(*end.Rejected), nodes(end.Rejected.Nodes)
	case end.Result != nil:
		a.Outcome = outcomeOf(c, end.Result.Decision)
		a.ApprovedAmount, a.Currency, a.Nodes = end.Result.ApprovedAmount, end.Result.Currency, nodes(end.Result.Nodes)
		a.Amount, a.OpenAmount, a.ConsumedAmount = end.Result.Amount, end.Result.OpenAmount, end.Result.ConsumedAmount
		if a.Outcome == message.Approved {
			a.ExpiresAt = end.Result.ExpiresAt
		}
	default:
		return nil, fmt.Errorf("answer %s %s: neither result nor rejection", e.Type, e.ID)
	}
	return a, nil
}

// outcomeOf returns the outcome of a decision. An approved consumption has the outcome Consumed.
func outcomeOf(c Check, decision string) message.Outcome {
	if o := outcomes[decision]; o != message.Approved || c.Action != story.ActionConsume {
		return o
	}
	return message.Consumed
}

// reservation returns the id of the reservation that the check makes or uses.
func reservation(c Check) string {
	if c.Target != "" {
		return c.Target
	}
	return c.CheckID
}

func nodes(all []story.Node) []message.Node {
	var told []message.Node
	for _, n := range all[:min(len(all), maxNodes)] {
		told = append(told, message.Node{Name: n.Name, Currency: lineCurrency, Limit: n.Limit, Before: n.Before, After: n.After})
	}
	return told
}
