package witness

import "fxcore/scripts/internal/desk"

// apiTrade is the body of a request for a trade.
type apiTrade struct {
	Client   string   `json:"client"`
	Product  string   `json:"product"`
	Pair     string   `json:"pair"`
	Currency string   `json:"currency"`
	Legs     []apiLeg `json:"legs"`
}

type apiLeg struct {
	Side      string `json:"side"` // of the pair's base currency, which is the one that a desk deals
	Amount    string `json:"amount"`
	Rate      string `json:"rate"`
	Tenor     string `json:"tenor,omitempty"`
	ValueDate string `json:"value_date,omitempty"`
}

func apiTradeOf(r desk.Request) apiTrade {
	t := apiTrade{
		Client: r.Client, Product: product(r), Pair: r.Pair, Currency: r.Currency,
		Legs: []apiLeg{{Side: side(r.Buy), Amount: r.Amount, Rate: r.Near.Rate, ValueDate: r.Near.Date}},
	}
	if r.Near.Date == "" {
		t.Legs[0].Tenor = tenor(r.Near.Settlement)
	}
	if r.Swap() {
		t.Legs = append(t.Legs, apiLeg{Side: side(!r.Buy), Amount: r.Amount, Rate: r.Far.Rate, Tenor: tenor(r.Far.Settlement)})
	}
	return t
}
