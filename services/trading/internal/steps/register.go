package steps

import (
	"errors"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
	"fxcore/services/contract/fxdate"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/rules"
	"fxcore/services/trading/internal/trade"
)

// margin is how long a reservation must still hold when the trade is registered: the time that the news takes to reach
// the line, so that the reservation is consumed before it expires.
const margin = 2 * time.Second

// register is the step of trade.reserved: a request whose line is reserved becomes a trade, once.
type register struct{ reserved messages.Reserved }

func readReserved(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	view, err := messages.ReadReserved(e)
	return register{view}, err
}

// Want asks whether the trade is registered already.
func (r register) Want(s *Batch) { s.wanted.known = append(s.wanted.known, r.reserved.Request.TradeID) }

// Decide ends in trade.registered or trade.rejected. A trade that is registered already is left as it is: the event that
// registered it has told everybody.
func (r register) Decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	if s.known[r.reserved.Request.TradeID] {
		return nil, nil
	}
	if e.Expired(now) {
		return reject(e, expired(e, now))
	}
	if until := r.reserved.Reserved.ExpiresAt; now.Add(margin).After(until) {
		return reject(e, lapsed(until, now))
	}
	registered, err := r.trade(now.Truncate(time.Microsecond)) // as the database keeps it
	if err != nil {
		return nil, err
	}
	emitted, err := contract.Next(e, contract.TradeRegistered, "registered", messages.Registered{
		TradeID: registered.ID, Version: registered.Version, RegisteredAt: registered.RegisteredAt,
	})
	if err != nil {
		return nil, err
	}
	s.known[registered.ID] = true
	s.registered = append(s.registered, registered)
	return emitted, nil
}

// trade is the trade, registered at the given time. An error is a defect: what was validated is valid.
func (r register) trade(at time.Time) (trade.Trade, error) {
	terms, err := termsOf(r.reserved)
	if err != nil {
		return trade.Trade{}, err
	}
	return trade.Register(r.reserved.Request.TradeID, terms, at)
}

// termsOf reads what trading itself validated, and the request for the names. An error is a defect: it was valid then.
func termsOf(r messages.Reserved) (trade.Terms, error) {
	tradeDate, err1 := fxdate.ParseDate(r.Validated.TradeDate)
	spotDate, err2 := fxdate.ParseDate(r.Validated.SpotDate)
	legs, err3 := legsOf(r.Validated.Legs)
	return trade.Terms{
		Kind: r.Request.Kind, Provider: r.Request.Provider, Reference: r.Request.Reference, QuoteID: r.Request.QuoteID,
		Client: r.Request.Client, Account: r.Request.Account, Product: trade.Product(r.Request.Product),
		Pair: r.Validated.Pair, DealtCurrency: r.Request.Currency, TradeDate: tradeDate, TransactedAt: r.Request.TransactedAt,
		SpotDate: spotDate, Legs: legs, ReferenceRate: r.Validated.ReferenceRate, ReferenceAsOf: r.Validated.ReferenceAsOf,
		USDAmount: r.Validated.USDAmount,
	}, errors.Join(err1, err2, err3)
}

func legsOf(validated []messages.Leg) ([]trade.Leg, error) {
	legs := make([]trade.Leg, len(validated))
	for i, l := range validated {
		date, err := fxdate.ParseDate(l.ValueDate)
		if err != nil {
			return nil, err
		}
		legs[i] = trade.Leg{
			ValueDate: date, Base: l.Base, BaseSide: trade.Side(l.BaseSide), BaseAmount: l.BaseAmount,
			Quote: l.Quote, QuoteAmount: l.QuoteAmount, Rate: l.Rate,
		}
	}
	return legs, nil
}

// lapsed is the rejection of a request whose reservation ends too soon.
func lapsed(until, now time.Time) *rules.Rejection {
	return rules.Late("the reservation of the line", until.Add(-margin), now)
}
