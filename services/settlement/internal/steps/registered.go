package steps

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract/fxdate"
	"fxcore/services/settlement/internal/ledger"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/obligation"
)

// register is the step of trade.registered: from now on the bank and the client owe each other what each leg exchanges.
type register struct {
	trade messages.Trade
	dates []fxdate.Date // of the legs
}

func readRegistered(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	trade, err := messages.ReadTrade(e)
	if err != nil {
		return nil, err
	}
	return registering(trade)
}

func registering(trade messages.Trade) (register, error) {
	r := register{trade: trade}
	for _, leg := range trade.Validated.Legs {
		date, err := fxdate.ParseDate(leg.ValueDate)
		if err != nil {
			return r, err
		}
		r.dates = append(r.dates, date)
	}
	return r, nil
}

// Want asks for the legs that the trade has already.
func (r register) Want(s *Batch) {
	id := r.trade.Registered.TradeID
	s.wanted.trades = append(s.wanted.trades, id)
	if r.trade.Registered.Version > 1 {
		s.wanted.changed, s.wanted.legs = append(s.wanted.changed, id), true
	}
}

// Decide adds the legs that are not here yet, and takes those of earlier versions back. It emits nothing: nobody waits for it.
func (r register) Decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	var legs []*obligation.Obligation
	for i := range r.trade.Validated.Legs {
		leg, err := r.obligation(s, i, e.Origin)
		if err != nil {
			return nil, err
		}
		if !s.known[leg.Ref] {
			legs = append(legs, leg)
		}
	}
	if len(legs) > 0 {
		if err := s.replace(r.trade.Registered.TradeID, r.trade.Registered.Version); err != nil {
			return nil, err
		}
	}
	for _, leg := range legs {
		s.known[leg.Ref] = true
		if leg.DealtAtOnce {
			s.transfers = append(s.transfers, leg.Deal(dealOf(leg.Ref))...)
		}
	}
	s.registered = append(s.registered, legs...)
	s.versions[r.trade.Registered.TradeID] = append(s.versions[r.trade.Registered.TradeID], legs...)
	s.now = now
	return nil, nil
}

// spot is the product whose deal moves the books when it is done. A forward, and a leg of a swap, is a contract until its value
// date.
const spot = "spot"

func (r register) obligation(s *Batch, i int, origin string) (*obligation.Obligation, error) {
	leg, gets := r.trade.Validated.Legs[i], decimal.NewFromInt(1)
	if leg.BaseSide == "sell" {
		gets = gets.Neg()
	}
	o := &obligation.Obligation{
		Ref: obligation.Ref{TradeID: r.trade.Registered.TradeID, Version: r.trade.Registered.Version, Leg: i + 1},
		Terms: obligation.Terms{
			Origin: origin, Client: r.trade.Request.Client, Account: r.trade.Request.Account, Desk: r.trade.Authorized.Desk,
			Product: r.trade.Product(), ValueDate: r.dates[i], DealtAtOnce: r.trade.Product() == spot,
			Base:  ledger.Flow{Currency: leg.Base, Amount: leg.BaseAmount.Mul(gets)},
			Quote: ledger.Flow{Currency: leg.Quote, Amount: leg.QuoteAmount.Mul(gets).Neg()},
		},
		State: obligation.Open,
	}
	s.setWindow(o, r.trade.Validated.Pair)
	return o, o.Check()
}

// dealOf returns the id of the posting of a leg's deal.
func dealOf(leg obligation.Ref) string {
	return event.ChildID(leg.TradeID, "deal", strconv.Itoa(leg.Version), strconv.Itoa(leg.Leg))
}
