package steps

import (
	"fxcore/lambda/event"
	"fxcore/services/auth/internal/authorization"
	"fxcore/services/auth/internal/messages"
	"fxcore/services/contract"
)

// by is the name of this service in rejections.
const by = "auth"

// answer returns the event that carries the decision.
func (a authorize) answer(e event.Event, d authorization.Decision) ([]event.Event, error) {
	if !d.Granted {
		return contract.One(e.Next(a.answers.Rejected, messages.Rejected{
			Request:  a.request.Section,
			Caller:   a.request.CallerSection,
			Rejected: messages.Reason{Code: string(d.Code), Text: d.Text, By: by, Rule: d.Rule},
		}))
	}
	return contract.One(e.Next(a.answers.Authorized, messages.Authorized{
		Request: a.request.Section, Caller: a.request.CallerSection, Authorized: terms(d),
	}))
}

// repeat returns the event that refers to the first request.
func (a authorize) repeat(e event.Event) ([]event.Event, error) {
	return contract.One(e.Next(a.answers.Repeated, messages.Repeated{
		Request:  a.request.Section,
		Caller:   a.request.CallerSection,
		Repeated: messages.Original{TradeID: a.request.TradeID, CheckID: a.request.CheckID},
	}))
}

func terms(d authorization.Decision) messages.Terms {
	t := messages.Terms{Rule: d.Rule, ClientGroup: d.Terms.ClientGroup, Desk: d.Terms.Desk, DateDecides: d.Terms.DateDecides}
	for _, f := range d.Flags {
		t.Flags = append(t.Flags, messages.Flag{Flag: f.Name, Text: f.Text})
	}
	if d.Terms.RatesAsOf.IsZero() { // a report that could not be sized, or a request that resolves a reservation
		return t
	}
	t.MaxAmountUSD, t.AmountUSD = d.Terms.MaxAmountUSD.String(), d.Terms.AmountUSD.StringFixed(2)
	asOf := d.Terms.RatesAsOf.UTC()
	t.RatesAsOf = &asOf
	return t
}
