package authorize

import (
	"fxcore/lambda/event"
	"fxcore/services/auth/internal/authorization"
	"fxcore/services/auth/internal/messages"
)

// by is how rejections name this service.
const by = "auth"

// answer turns a decision into its event.
func answer(e event.Event, r messages.Request, d authorization.Decision) ([]event.Event, error) {
	if !d.Granted {
		return one(e, r.Answers.Rejected, messages.Rejected{
			Request:  r.Section,
			Rejected: messages.Reason{Code: string(d.Code), Text: d.Text, By: by, Rule: d.Rule},
		})
	}
	return one(e, r.Answers.Authorized, messages.Authorized{Request: r.Section, Authorized: terms(d)})
}

// repeat refers to the request that came first.
func repeat(e event.Event, r messages.Request) ([]event.Event, error) {
	return one(e, r.Answers.Repeated, messages.Repeated{
		Request:  r.Section,
		Repeated: messages.Original{TradeID: r.TradeID, CheckID: r.CheckID},
	})
}

func terms(d authorization.Decision) messages.Terms {
	t := messages.Terms{Rule: d.Rule}
	if d.Terms.RatesAsOf.IsZero() {
		return t
	}
	t.ClientGroup, t.Desk = d.Terms.ClientGroup, d.Terms.Desk
	t.MaxAmountUSD, t.AmountUSD = d.Terms.MaxAmountUSD.String(), d.Terms.AmountUSD.StringFixed(2)
	asOf := d.Terms.RatesAsOf.UTC()
	t.RatesAsOf = &asOf
	return t
}

func one(e event.Event, t event.Type, data any) ([]event.Event, error) {
	next, err := e.Next(t, data)
	if err != nil {
		return nil, err
	}
	return []event.Event{next}, nil
}
