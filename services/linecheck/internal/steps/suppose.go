package steps

import (
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/access"
	"fxcore/services/contract/reason"
	"fxcore/services/contract/rights"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/market"
	"fxcore/services/market/pricing"
)

// supposed is a trade that somebody thinks of, as a proposal.
type supposed struct {
	proposal

	deal line.Deal // without a pair if its dates are not known
}

// suppose makes a proposal of a trade, as a real one that was asked for at an instant becomes one: its dates and amounts follow
// the rules of line checks, its price is the stated one, else the market's. Who asks is the dealer, if that person may deal. The roles
// are those of the caller's token. They are enough, because a question changes nothing, and auth revokes the token of a user who
// has lost a role.
func (s *Batch) suppose(t messages.Supposed, at time.Time, who access.Caller) supposed {
	path := line.Path{Client: t.Client}
	if who.Holder().Reach(rights.EnterTrade) != rights.Nothing {
		path.Dealer = who.Dealer()
	}
	var x supposed
	if x.refused = s.stranger(t, who.Holder()); x.refused != nil {
		return x
	}
	c := s.static.Clients[t.Client]
	path.Group, path.Desk = c.Group, c.Desk
	deal, err := s.supposedDeal(t, at)
	if err != nil {
		x.refused = refusalOf(err, path)
		return x
	}
	x.deal, x.proposal = deal, s.propose(deal.Pair.Name, deal, path)
	x.kind, x.caller = line.ForTrade, &who
	return x
}

// stranger refuses a client that auth would refuse: one that the right of who asks does not reach, and an unknown one. Of a client
// out of reach it does not say whether there is such a client.
func (s *Batch) stranger(t messages.Supposed, who rights.Holder) *messages.Rejected {
	if s.fault != nil {
		return refusalOf(s.fault, line.Path{Client: t.Client})
	}
	c, known := s.static.Clients[t.Client]
	if !who.Reaches(rights.AskWhatIf, t.Client, c.Desk) {
		return reject(reason.Unauthorised, fmt.Sprintf("client %.64q is out of reach: your right to %q reaches %s",
			t.Client, rights.AskWhatIf, who.Reach(rights.AskWhatIf)))
	}
	if !known {
		return reject(reason.UnknownClient, fmt.Sprintf("client %.64q is not known: check the client's id", t.Client))
	}
	return nil
}

// supposedDeal returns the deal of a trade. A fault of the trade is a [*dating.Refusal].
func (s *Batch) supposedDeal(t messages.Supposed, at time.Time) (line.Deal, error) {
	var deal line.Deal
	for i, leg := range t.Legs {
		r := messages.CheckRequest{
			At: at, TradeDate: s.dating.Rollover.TradeDate(at).String(), Product: t.Product, Pair: t.Pair, Currency: t.Currency,
			Side: leg.Side, Amount: leg.Amount, Tenor: leg.Tenor, ValueDate: leg.ValueDate,
		}
		amount, refused := amountOf(r)
		if refused != nil {
			return deal, refuse(refused.Code, "%s", refused.Text)
		}
		one, err := s.dealOf(r, at, amount)
		if err != nil {
			return deal, err
		}
		if one.Legs[0], err = atRate(one.Legs[0], one.Pair, leg.Rate); err != nil {
			return deal, err
		}
		if i > 0 && one.Legs[0].ValueDate <= deal.Legs[0].ValueDate {
			return deal, refuse(reason.InvalidDate, "the far date %s of a swap must be after its near date, %s", one.Legs[0].ValueDate, deal.Legs[0].ValueDate)
		}
		deal.Pair, deal.Dates, deal.Legs = one.Pair, one.Dates, append(deal.Legs, one.Legs[0])
	}
	return deal, nil
}

// atRate returns a leg at its stated rate, with the other amount as trading computes it. Without a rate the leg is as it was: the
// market's rate counts.
func atRate(leg line.Leg, pair *market.Pair, rate string) (line.Leg, error) {
	if rate == "" {
		return leg, nil
	}
	var err error
	if leg.Rate, err = decimal.NewFromString(rate); err != nil || len(rate) > longest || !leg.Rate.IsPositive() {
		return leg, refuse(reason.OffMarket, "the rate %.64q of %s must be a number greater than zero", rate, pair.Name)
	}
	if leg.BaseAmount.IsZero() {
		leg.BaseAmount = pricing.ContraOfQuote(leg.QuoteAmount, leg.Rate, pair.Base.MinorUnits)
	} else {
		leg.QuoteAmount = pricing.Contra(leg.BaseAmount, leg.Rate, pair.Quote.MinorUnits)
	}
	if !leg.BaseAmount.IsPositive() || !leg.QuoteAmount.IsPositive() {
		return leg, refuse(reason.InvalidAmount, "the amount at %s rounds to zero in the other currency; ask for a larger amount", rate)
	}
	return leg, nil
}
