package blotter

import "strings"

// LegState is where a leg stands.
type LegState string

// The states of a leg.
const (
	Open       LegState = "open"    // not settled yet
	LegSettled LegState = "settled" // the mainframe has moved the money, or a person settled it by hand
	LegFailed  LegState = "failed"  // refused or not settled in time: a person must look
)

// Leg is one exchange of currencies, seen from the client. Side is that of the pair's base currency. Before validation only the
// dealt currency's amount is known.
type Leg struct {
	Leg         int         `json:"leg" doc:"1 near, 2 far"`
	State       LegState    `json:"state" enum:"open,settled,failed"`
	Side        string      `json:"side" enum:"buy,sell" doc:"Of the pair's base currency, seen from the client"`
	Rate        string      `json:"rate"`
	Tenor       string      `json:"tenor,omitempty"`
	ValueDate   string      `json:"value_date,omitempty"`
	Base        string      `json:"base,omitempty"`
	BaseAmount  string      `json:"base_amount,omitempty"`
	Quote       string      `json:"quote,omitempty"`
	QuoteAmount string      `json:"quote_amount,omitempty"`
	Settlement  *Settlement `json:"settlement,omitempty" doc:"How the leg was settled, or why it was not"`
}

func (f *Facts) legs() []Leg {
	legs := []Leg{}
	switch {
	case f.Validated != nil:
		for i, l := range f.Validated.Legs {
			legs = append(legs, Leg{
				Leg: i + 1, Side: l.BaseSide, Rate: l.Rate, Tenor: f.tenor(i), ValueDate: l.ValueDate,
				Base: l.Base, BaseAmount: l.BaseAmount, Quote: l.Quote, QuoteAmount: l.QuoteAmount,
			})
		}
	case f.Request != nil:
		for i, l := range f.Request.Legs {
			legs = append(legs, f.Request.leg(i+1, l))
		}
	}
	for i := range legs {
		legs[i].State, legs[i].Settlement = f.settlement(legs[i].Leg)
	}
	return legs
}

func (f *Facts) tenor(leg int) string {
	if f.Request == nil || leg >= len(f.Request.Legs) {
		return ""
	}
	return f.Request.Legs[leg].Tenor
}

// Leg returns a leg of a version, as it is settled; false if another version is the latest, or the leg is not known.
func (f *Facts) Leg(version, number int) (Leg, bool) {
	if version != f.version() {
		return Leg{}, false
	}
	for _, l := range f.legs() {
		if l.Leg == number {
			return l, true
		}
	}
	return Leg{}, false
}

// settlement returns what became of a leg of the current version.
func (f *Facts) settlement(leg int) (LegState, *Settlement) {
	for _, s := range f.Settlements {
		if s.Leg != leg || s.Version != f.version() {
			continue
		}
		if s.Failed() {
			return LegFailed, &s
		}
		return LegSettled, &s
	}
	return Open, nil
}

// leg returns a requested leg with the side and the amount at their currency.
func (r *Request) leg(number int, l RequestedLeg) Leg {
	base, quote, _ := strings.Cut(r.Pair, "/")
	shown := Leg{Leg: number, Side: l.Side, Rate: l.Rate, Tenor: l.Tenor, ValueDate: l.ValueDate, Base: base, Quote: quote}
	if r.Currency == quote {
		shown.Side, shown.QuoteAmount = Opposite(l.Side), l.Amount
		return shown
	}
	shown.BaseAmount = l.Amount
	return shown
}

// Opposite returns sell for buy, and the other way round.
func Opposite(side string) string {
	switch side {
	case "buy":
		return "sell"
	case "sell":
		return "buy"
	}
	return side
}
