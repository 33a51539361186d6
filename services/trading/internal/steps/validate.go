package steps

import (
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
	"fxcore/services/market"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/rules"
	"fxcore/services/trading/internal/store"
	"fxcore/services/trading/internal/trade"
)

// validate is the step of trade.authorized: it applies the rules to the request.
type validate struct {
	request     messages.Request
	dateDecides bool // the value date stands above the product that the request names
}

// recent is how long before the market's rates a trade may have been done to be judged by them. An earlier one is judged by the
// recorded rates of its minute.
const recent = time.Minute

func readAuthorized(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	view, err := messages.ReadAuthorized(e)
	return validate{view.Request, view.Authorized.DateDecides}, err
}

// Want asks for the recorded rates of the time at which a reported trade was done, and for what is dealt on the request's quote. All
// else is in memory.
func (v validate) Want(s *Batch) {
	if v.onQuote(s) {
		s.wanted.quotes = append(s.wanted.quotes, v.request.QuoteID)
	}
	if v.request.Kind == rules.Reported && s.market != nil && v.request.TransactedAt.Before(s.market.RatesAsOf().Add(-recent)) {
		s.wanted.rates = append(s.wanted.rates, v.doneAt())
	}
}

// Decide emits trade.validated or trade.rejected. A report has no deadline, because the trade is done. It is not rejected for what the
// bank's data lack: it waits for them.
func (v validate) Decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	if e.Expired(now) && v.request.Kind != rules.Reported {
		return reject(e, expired(e, now))
	}
	accepted, rejection := v.check(s, now)
	switch {
	case rejection != nil && rejection.Undecided && v.request.Kind == rules.Reported:
		return nil, amqp.Wait(rejection)
	case rejection != nil:
		return reject(e, rejection)
	}
	validated := validatedOf(accepted)
	if v.onQuote(s) {
		validated.QuoteUse = e.ID
	}
	emitted, err := contract.Next(e, contract.TradeValidated, "validated", validated)
	if err == nil && v.onQuote(s) {
		v.use(s, e.ID, accepted.Dealt(v.request.Currency))
	}
	return emitted, err
}

// check applies the rules to the request on the batch's market.
func (v validate) check(s *Batch, now time.Time) (rules.Accepted, *rules.Rejection) {
	if s.noMarket != nil {
		return rules.Accepted{}, rules.NoMarket(s.noMarket)
	}
	request := requestOf(v.request)
	request.DateDecides = v.dateDecides
	request.QuoteDealt = s.dealt[v.request.QuoteID]
	return s.rules.Check(v.markets(s), now, request)
}

// onQuote reports whether the request deals on a quote that the bank has published. A report may name one, but uses nothing of it.
func (v validate) onQuote(s *Batch) bool {
	if v.request.QuoteID == "" || v.request.Kind != rules.Asked || s.market == nil {
		return false
	}
	_, found := s.market.Quote(v.request.QuoteID)
	return found
}

// use counts an amount as dealt on the quote.
func (v validate) use(s *Batch, id string, amount decimal.Decimal) {
	quote := v.request.QuoteID
	s.dealt[quote] = s.dealt[quote].Add(amount)
	s.uses = append(s.uses, store.QuoteUse{ID: id, QuoteID: quote, TradeID: v.request.TradeID, Amount: amount})
}

// doneAt returns the transaction time in the precision of the database.
func (v validate) doneAt() time.Time { return v.request.TransactedAt.UTC().Truncate(time.Microsecond) }

// markets returns the market now, and for a report the one of its transaction time: of the current and the recorded rates
// those that are nearest in time.
func (v validate) markets(s *Batch) rules.Markets {
	m := rules.Markets{Now: s.market}
	if v.request.Kind != rules.Reported {
		return m
	}
	at := v.doneAt()
	m.Then = s.market
	if recorded, found := s.rates[at]; found && recorded.AsOf.Sub(at).Abs() < s.market.RatesAsOf().Sub(at).Abs() {
		m.Then = market.New(s.market.Directory, recorded)
	}
	return m
}

// requestOf converts the message into a request of package rules.
func requestOf(r messages.Request) rules.Request {
	legs := make([]rules.RequestedLeg, len(r.Legs))
	for i, l := range r.Legs {
		legs[i] = rules.RequestedLeg{
			Side: trade.Side(l.Side), Amount: l.Amount, Rate: l.Rate, Tenor: l.Tenor, ValueDate: l.ValueDate,
			OtherAmount: l.OtherAmount, ForwardPoints: l.ForwardPoints,
		}
	}
	return rules.Request{
		Kind: r.Kind, Provider: r.Provider, Client: r.Client, Product: trade.Product(r.Product), Pair: r.Pair, Currency: r.Currency,
		TradeDate: r.TradeDate, TransactedAt: r.TransactedAt, QuoteID: r.QuoteID, Legs: legs,
		Reported: rules.Facts{TradeDate: r.ReportedTradeDate, SpotRate: r.SpotRate, SwapPoints: r.SwapPoints},
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
		if l.ForwardPoints.Valid {
			legs[i].ForwardPoints = &l.ForwardPoints.Decimal
		}
	}
	return messages.Validated{
		TradeDate: a.TradeDate.String(), Product: string(a.Product), Pair: a.Pair, SpotDate: a.SpotDate.String(), Legs: legs,
		SpotRate: a.SpotRate, ReferenceRate: a.ReferenceRate, ReferenceAsOf: a.ReferenceAsOf, USDAmount: a.USDAmount,
		Flags: flagsOf(a.Flags),
	}
}

func flagsOf(flags []trade.Flag) []messages.Flag {
	all := make([]messages.Flag, len(flags))
	for i, f := range flags {
		all[i] = messages.Flag{Flag: string(f.Name), Leg: f.Leg, Text: f.Text}
		if f.Name == trade.OffMarket {
			all[i].Deviation = f.Deviation.String()
		}
	}
	return all
}
