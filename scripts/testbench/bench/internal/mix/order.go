package mix

import (
	"strconv"
	"time"
)

// Order is a trade as the HTTP interface takes it.
type Order struct {
	Client   string     `json:"client"`
	Product  string     `json:"product"`
	Pair     string     `json:"pair"`
	Currency string     `json:"currency"`
	Legs     []OrderLeg `json:"legs"`
}

// OrderLeg is a leg of an order.
type OrderLeg struct {
	Side   string `json:"side"`
	Amount string `json:"amount"`
	Rate   string `json:"rate"`
	Tenor  string `json:"tenor"`
}

// tenor returns the maturity as the HTTP interface writes it.
func (m maturity) tenor() string {
	if m == spot {
		return "SPOT"
	}
	return m.settlType[1:] + m.settlType[:1] // M1 is 1M
}

// Order returns a trade of one of the clients, in the shares of [Mix.Next].
func (m *Mix) Order(clients []string, now time.Time) Order {
	pair := pairs[m.random.IntN(len(pairs))]
	sides := []string{"buy", "sell"}
	if m.random.IntN(2) == 1 {
		sides = []string{"sell", "buy"}
	}
	amount := strconv.Itoa(amountStep * (1 + m.random.IntN(amountMaximum)))
	rates := m.prices.at(now)[pair]
	leg := func(side string, at maturity) OrderLeg { return OrderLeg{side, amount, rates[at.days], at.tenor()} }
	o := Order{Client: clients[m.random.IntN(len(clients))], Pair: pair, Currency: pair[:3]}
	switch dice := m.random.IntN(100); {
	case dice < forwardShare:
		o.Product, o.Legs = "forward", []OrderLeg{leg(sides[0], months[m.random.IntN(len(months))])}
	case dice < forwardShare+swapShare:
		o.Product, o.Legs = "swap", []OrderLeg{leg(sides[0], spot), leg(sides[1], weeks)}
	default:
		o.Product, o.Legs = "spot", []OrderLeg{leg(sides[0], spot)}
	}
	return o
}
