package steps

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/rules"
	"fxcore/services/trading/internal/trade"
)

// validate is the step of trade.authorized: it applies the rules to the request.
type validate struct{ request messages.Request }

func readAuthorized(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	view, err := messages.ReadAuthorized(e)
	return validate{view.Request}, err
}

// Want asks for nothing, because the market is in memory.
func (validate) Want(*Batch) {}

// Decide emits trade.validated or trade.rejected.
func (v validate) Decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	if e.Expired(now) {
		return reject(e, expired(e, now))
	}
	if s.noMarket != nil {
		return reject(e, rules.NoMarket(s.noMarket))
	}
	accepted, rejection := s.rules.Check(s.market, now, requestOf(v.request))
	if rejection != nil {
		return reject(e, rejection)
	}
	return contract.Next(e, contract.TradeValidated, "validated", validatedOf(accepted))
}

// requestOf converts the message into a request of package rules.
func requestOf(r messages.Request) rules.Request {
	legs := make([]rules.RequestedLeg, len(r.Legs))
	for i, l := range r.Legs {
		legs[i] = rules.RequestedLeg{
			Side: trade.Side(l.Side), Amount: l.Amount, Rate: l.Rate, Tenor: l.Tenor, ValueDate: l.ValueDate,
		}
	}
	return rules.Request{
		Kind: r.Kind, Product: trade.Product(r.Product), Pair: r.Pair, Currency: r.Currency,
		TradeDate: r.TradeDate, TransactedAt: r.TransactedAt, Legs: legs,
	}
}

// validatedOf converts the result of the rules into the section of the message.
func validatedOf(a rules.Accepted) messages.Validated {
	legs := make([]messages.Leg, len(a.Legs))
	for i, l := range a.Legs {
		legs[i] = messages.Leg{
			ValueDate: l.ValueDate.String(), Base: l.Base, BaseSide: string(l.BaseSide), BaseAmount: l.BaseAmount,
			Quote: l.Quote, QuoteAmount: l.QuoteAmount, Rate: l.Rate,
		}
	}
	return messages.Validated{
		TradeDate: a.TradeDate.String(), Pair: a.Pair, SpotDate: a.SpotDate.String(), Legs: legs,
		SpotRate: a.SpotRate, ReferenceRate: a.ReferenceRate, ReferenceAsOf: a.ReferenceAsOf, USDAmount: a.USDAmount,
	}
}
