package dialect

import (
	"fmt"

	"github.com/shopspring/decimal"

	"fxcore/gateways/internal/story"
	"fxcore/gateways/socket/message"
	"fxcore/lambda/event"
)

// executed answers a registered trade: it is done in full, at the requested rates.
func executed(e event.Event, end story.TradeEnd[Echo]) (message.Answer, error) {
	t, v := end.Request, end.Validated
	if v == nil || end.Registered == nil || len(v.Legs) != len(t.Legs) {
		return nil, fmt.Errorf("answer %s %s: not registered with the legs that were asked for", e.Type, e.ID)
	}
	a := &message.Executed{
		AnswerHead: head(t.Reference, t.Echo), TradeID: t.TradeID, AnswerID: e.ID, TradeDate: t.TradeDate,
		DecidedAt: end.Registered.RegisteredAt, Client: t.Client, Product: products[end.Product()], Pair: t.Pair, Currency: t.Currency,
	}
	if end.Product() != story.ProductSpot {
		a.SpotRate = v.SpotFor(t.Pair)
	}
	for i, l := range t.Legs {
		done := message.ExecutedLeg{Side: sides[l.Side], Amount: l.Amount, Rate: l.Rate, ValueDate: v.Legs[i].ValueDate}
		done.OtherAmount, done.OtherCurrency = v.Legs[i].Other(t.Currency)
		done.ForwardPoints = difference(l.Rate, a.SpotRate)
		a.Legs = append(a.Legs, done)
	}
	return a, nil
}

var (
	products = map[string]message.Product{
		story.ProductSpot: message.Spot, story.ProductForward: message.Forward, story.ProductSwap: message.Swap,
	}
	sides   = map[string]message.Side{"buy": message.Buy, "sell": message.Sell}
	actions = map[string]message.Action{
		story.ActionReserve: message.Reserve, story.ActionConsume: message.Consume, story.ActionCancel: message.Cancel,
		story.ActionReverse: message.Reverse,
	}
	outcomes = map[string]message.Outcome{
		"approved": message.Approved, "consumed": message.Consumed, "cancelled": message.Cancelled,
		"reversed": message.Reversed,
	}
)

// difference returns a rate less the spot rate; an empty text without a spot rate.
func difference(rate, spot string) string {
	r, errRate := decimal.NewFromString(rate)
	s, errSpot := decimal.NewFromString(spot)
	if errRate != nil || errSpot != nil {
		return ""
	}
	return r.Sub(s).String()
}
