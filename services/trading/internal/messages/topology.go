package messages

import (
	"embed"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
)

// The queues of trading.
const (
	Requests = "trading"       // what is on its way to being a trade
	Facts    = "trading.facts" // what became of trades and requests
)

const tradeExchange = "fx.trade"

// linger: facts are recorded for those who look later.
const linger = 100 * time.Millisecond

//go:embed samples/*.json
var samples embed.FS

// Topology is what trading declares at the broker.
func Topology() amqp.Topology {
	return amqp.Topology{
		Service: "trading",
		Queues: []amqp.Queue{
			{
				Name:     Requests,
				Purpose:  "validates authorised requests and registers those whose line is reserved",
				Bindings: bindings(TradeAuthorized, TradeReserved),
			},
			{
				Name:     Facts,
				Purpose:  "records rejections, responsible traders and bookings",
				Bindings: bindings(TradeRejected, TradeAssigned, TradeBooked, TradeRefused),
				Linger:   linger,
			},
		},
		Publishes: []amqp.Publication{
			publication(TradeValidated, "The trade may be done: dates, amounts and price keep the rules; its line is next.").AllOrigins(),
			publication(TradeRegistered, "The trade is done. It is a fact that nothing later undoes."),
			publication(TradeRejected, "The trade is not done; the code and the text say why and what to do."),
		},
	}
}

func bindings(types ...event.Type) []amqp.Binding {
	list := make([]amqp.Binding, len(types))
	for i, t := range types {
		list[i] = amqp.Binding{Exchange: tradeExchange, Key: t.Name + ".*"}
	}
	return list
}

func publication(t event.Type, purpose string) amqp.Publication {
	return amqp.Sampled(samples, tradeExchange, t, purpose)
}
