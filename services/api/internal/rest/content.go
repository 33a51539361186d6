package rest

import (
	"strings"

	"fxcore/services/api/internal/blotter"
	"fxcore/services/web"
)

// check returns the problem of a content that fits no product. Everything else is for the core to decide.
func (t newTrade) check() error {
	if legs := len(t.Legs); (t.Product == "swap") != (legs == 2) {
		return web.Wrong("body.legs", "a swap has two legs, any other product has one")
	}
	if base, quote, _ := strings.Cut(t.Pair, "/"); t.Currency != base && t.Currency != quote {
		return web.Wrong("body.currency", "the dealt currency is one of the pair's")
	}
	for _, l := range t.Legs {
		if l.Tenor == "" && l.ValueDate == "" && t.Product != "spot" {
			return web.Wrong("body.legs", "a leg needs a tenor or a value date")
		}
	}
	return nil
}

// request returns the content in the form of messages, in which a side is that of the dealt currency.
func (t newTrade) request() blotter.Request {
	r := blotter.Request{
		Client: t.Client, Account: t.Account, Product: t.Product, Pair: t.Pair, Currency: t.Currency, QuoteID: t.QuoteID,
	}
	if use := t.LineCheck; use != nil {
		r.LineCheck = &blotter.UsedCheck{CheckID: use.ID}
		if use.FreeRest {
			r.LineCheck.Rest = blotter.FreeRest
		}
	}
	_, quote, _ := strings.Cut(t.Pair, "/")
	for _, l := range t.Legs {
		leg := blotter.RequestedLeg{Side: l.Side, Amount: l.Amount, Rate: l.Rate, Tenor: l.Tenor, ValueDate: l.ValueDate}
		if t.Currency == quote {
			leg.Side = blotter.Opposite(l.Side)
		}
		if leg.Tenor == "" && leg.ValueDate == "" {
			leg.Tenor = "SPOT"
		}
		r.Legs = append(r.Legs, leg)
	}
	return r
}
