package dialect

import (
	"cmp"
	"fmt"

	"github.com/quickfixgo/quickfix"
	"github.com/shopspring/decimal"

	"fxcore/gateways/internal/story"
	"fxcore/lambda/event"
)

// Values of RiskLimitCheckRequestStatus(2325).
const (
	checkApproved  = "0"
	checkRejected  = "2"
	checkCancelled = "4"
)

// checkAnswer answers a line check: approved (reserved or consumed), cancelled, or rejected with the line that binds.
func checkAnswer(s Session, e event.Event) (*quickfix.Message, error) {
	var end checkStory
	if err := e.Read(&end); err != nil {
		return nil, err
	}
	if !s.ShowsLimits {
		end = end.WithoutLimits()
	}
	if end.Request.Echo.Form == "" {
		return nil, fmt.Errorf("answer %s %s: %w", e.Type, e.ID, story.ErrElsewhere)
	}
	if end.Result == nil && end.Rejected == nil {
		return nil, fmt.Errorf("answer %s %s: neither result nor rejection", e.Type, e.ID)
	}
	a := checkAck(e, end.Request)
	if end.Rejected != nil {
		if end.Request.NamesNone(end.Rejected) {
			a.Body.Remove(tagCheckID)
		}
		a.set(tagCheckStatus, checkRejected)
		a.set(tagCheckResult, reasonOf(end.Rejected.Code).check)
		a.text(tagRejectText, end.Rejected.Text)
		a.bound(end.Rejected.Nodes)
		return a.Message, nil
	}
	a.set(tagCheckStatus, status(end.Result.Decision))
	a.set(tagCheckResult, "0")
	a.set(tagApprovedAmount, cmp.Or(end.Result.ApprovedAmount, end.Result.Amount))
	if end.Result.Decision == "approved" {
		a.time(tagExpireTime, end.Result.ExpiresAt)
	}
	a.line(end.Result.Nodes)
	return a.Message, nil
}

// checkAck begins the answer with the fields that repeat the request. RiskLimitCheckID is our id of the reservation: the
// provider consumes or cancels by it.
func checkAck(e event.Event, c Check) answer {
	form := formCheckAck
	if c.Echo.Form == formCheck44 {
		form = formCheckAck44
	}
	a := newAnswer(form)
	a.set(tagCheckRequestID, c.Reference)
	a.set(tagCheckID, reservation(c))
	a.set(tagCheckTransType, c.Echo.TransType)
	a.set(tagCheckType, c.Echo.Type)
	a.set(tagCheckRefID, c.Echo.RefID)
	a.set(tagCheckAmount, c.Amount)
	a.set(tagCurrency, c.Currency)
	a.set(tagSymbol, c.Pair)
	if c.Side != "" {
		a.set(tagSide, sideText(c.Side))
	}
	a.time(tagTransactTime, e.Time)
	a.party(c.Client)
	return a
}

// reservation returns the id of the reservation that the check makes or uses.
func reservation(c Check) string {
	if c.Target != "" {
		return c.Target
	}
	return c.CheckID
}

func status(decision string) string {
	if decision == "cancelled" || decision == "reversed" {
		return checkCancelled
	}
	return checkApproved
}

// line writes the line that has the least room after the check: the amount that the check uses, and the room that is left.
func (a answer) line(nodes []story.Node) {
	var drawn, least decimal.Decimal
	found := false
	for _, n := range nodes {
		d, left, err := amounts(n)
		if err == nil && (!found || left.LessThan(least)) {
			drawn, least, found = d, left, true
		}
	}
	if found {
		a.limit(drawn, least)
	}
}

// bound writes the first line that refused the check: amount 0, and the room that the line has.
func (a answer) bound(nodes []story.Node) {
	if len(nodes) == 0 {
		return
	}
	if drawn, left, err := amounts(nodes[0]); err == nil {
		a.limit(decimal.Zero, left.Add(drawn))
	}
}

// limit writes the one entry of LimitAmts. Lines are kept in USD.
func (a answer) limit(drawn, left decimal.Decimal) {
	group := quickfix.NewRepeatingGroup(tagNoLimitAmts, quickfix.GroupTemplate{
		quickfix.GroupElement(tagLimitAmtType), quickfix.GroupElement(tagLastLimitAmt),
		quickfix.GroupElement(tagLimitAmtRemaining), quickfix.GroupElement(tagLimitAmtCurrency),
	})
	g := group.Add()
	g.SetString(tagLimitAmtType, "0") // credit limit
	g.SetString(tagLastLimitAmt, drawn.String())
	g.SetString(tagLimitAmtRemaining, left.String())
	g.SetString(tagLimitAmtCurrency, "USD")
	a.Body.SetGroup(group)
}

// amounts returns the amount that the check uses on the node, and the room that is left.
func amounts(n story.Node) (drawn, left decimal.Decimal, err error) {
	limit, err := decimal.NewFromString(n.Limit)
	if err != nil {
		return drawn, left, err
	}
	before, err := decimal.NewFromString(n.Before)
	if err != nil {
		return drawn, left, err
	}
	after, err := decimal.NewFromString(n.After)
	if err != nil {
		return drawn, left, err
	}
	return after.Sub(before), limit.Sub(after), nil
}
