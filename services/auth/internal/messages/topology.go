package messages

import (
	"embed"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
)

// Requests is the queue of everything that asks to be authorised.
const Requests = "auth"

const (
	tradeExchange = "fx.trade"
	lineExchange  = "fx.line"
)

//go:embed samples/*.json
var samples embed.FS

// Topology is what auth declares at the broker.
func Topology() amqp.Topology {
	return amqp.Topology{
		Service: "auth",
		Queues: []amqp.Queue{{
			Name:    Requests,
			Purpose: "decides whether the provider may ask this for the client, and whether it asked before",
			Bindings: []amqp.Binding{
				{Exchange: tradeExchange, Key: TradeRequested.Name + ".*"},
				{Exchange: lineExchange, Key: LineCheckRequested.Name + ".*"},
			},
		}},
		Publishes: append(publications(tradeExchange, "trade", TradeAnswers), publications(lineExchange, "line check", LineCheckAnswers)...),
	}
}

func publications(exchange, noun string, a Answers) []amqp.Publication {
	return []amqp.Publication{
		publication(exchange, a.Authorized, "The provider may ask for this "+noun+" on the client's behalf; it goes on to be decided.").AllOrigins(),
		publication(exchange, a.Rejected, "The "+noun+" is refused; the code, the rule and the text say why and what to do."),
		publication(exchange, a.Repeated, "The same request came again: the answer to the first holds, nothing is done twice."),
	}
}

func publication(exchange string, t event.Type, purpose string) amqp.Publication {
	return amqp.Sampled(samples, exchange, t, purpose)
}
