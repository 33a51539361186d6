package rules

import (
	"errors"
	"strings"

	"fxcore/services/contract/reason"
	"fxcore/services/market"
	"fxcore/services/trading/internal/trade"
)

// checkPair checks the currencies and finds the pair.
func (d *deal) checkPair() error {
	base, quote, ok := strings.Cut(d.request.Pair, "/")
	switch {
	case !ok || base == "" || quote == "":
		return reject(reason.UnknownPair, "%q is not a currency pair; write it as EUR/USD", d.request.Pair)
	case base == quote:
		return reject(reason.SameCurrency, "%s is one currency against itself; name two", d.request.Pair)
	}
	for _, currency := range []string{base, quote} {
		if !d.market.Knows(currency) {
			return reject(reason.CurrencyUnknown, "the bank does not deal the currency %q of %s", currency, d.request.Pair)
		}
	}
	return d.findPair(base, quote)
}

func (d *deal) findPair(base, quote string) error {
	pair, err := d.market.Pair(d.request.Pair)
	if errors.Is(err, market.ErrUnknownPair) {
		if _, reversed := d.market.Pair(quote + "/" + base); reversed == nil {
			return reject(reason.UnknownPair, "%s is dealt as %s/%s; ask for it, and quote its rate, in that order", d.request.Pair, quote, base)
		}
		return reject(reason.UnknownPair, "the bank does not deal %s", d.request.Pair)
	}
	if err != nil {
		return err
	}
	if dealt := d.request.Currency; dealt != base && dealt != quote {
		return reject(reason.CurrencyUnknown, "the amount is in %q, which is neither %s nor %s", dealt, base, quote)
	}
	d.pair = pair
	return nil
}

// checkShape checks the kind, the product, and the number and sides of the legs.
func (d *deal) checkShape() error {
	request := d.request
	if request.Kind != Asked && request.Kind != Reported {
		return reject(reason.ProductNotAllowed, "%q is neither a request to trade nor a report of a trade", request.Kind)
	}
	legs := request.Product.Legs()
	if legs == 0 {
		return reject(reason.ProductNotAllowed, "the bank deals spot, forward and swap, not %q", request.Product)
	}
	if len(request.Legs) != legs {
		return reject(reason.ProductNotAllowed, "a %s has %d leg(s), this has %d", request.Product, legs, len(request.Legs))
	}
	for _, leg := range request.Legs {
		if !leg.Side.Valid() {
			return reject(reason.ProductNotAllowed, "the side %q is neither buy nor sell", leg.Side)
		}
		d.side = append(d.side, d.baseSide(leg.Side))
	}
	if request.Product == trade.Swap && d.side[0] == d.side[1] {
		return reject(reason.ProductNotAllowed, "both legs %s %s; the legs of a swap have opposite sides: one buys, the other sells",
			request.Legs[0].Side, request.Currency)
	}
	return nil
}

// baseSide converts the side of the dealt currency into the side of the base currency.
func (d *deal) baseSide(dealt trade.Side) trade.Side {
	if d.request.Currency == d.pair.Base.Code {
		return dealt
	}
	return dealt.Opposite()
}
