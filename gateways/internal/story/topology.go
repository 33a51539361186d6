package story

import (
	"embed"
	"strings"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
)

const (
	tradeExchange = "fx.trade"
	lineExchange  = "fx.line"
)

// Publications are the requests that every gateway publishes, with its own samples.
func Publications(samples embed.FS) []amqp.Publication {
	return []amqp.Publication{
		amqp.Sampled(samples, tradeExchange, event.Type{Name: "trade.requested", Version: 1},
			"A provider asks for a trade, or reports one that was done elsewhere."),
		amqp.Sampled(samples, lineExchange, event.Type{Name: "linecheck.requested", Version: 1},
			"A provider asks to reserve, consume or cancel on a client's line."),
	}
}

// QueueName is the queue of all answers to one provider. It belongs to the instance that holds the provider's session.
func QueueName(gateway, provider string) string { return gateway + "." + strings.ToLower(provider) }

// Queue is what is declared for one provider.
func Queue(gateway, provider string) amqp.Queue {
	return amqp.Queue{
		Name: QueueName(gateway, provider), Purpose: "tells the provider how its requests ended", Bindings: bindings(strings.ToLower(provider)),
	}
}

func bindings(origin string) []amqp.Binding {
	var all []amqp.Binding
	for _, what := range []string{"registered", "rejected", "repeated"} {
		all = append(all, amqp.Binding{Exchange: tradeExchange, Key: "trade." + what + "." + origin})
	}
	for _, what := range []string{"completed", "rejected", "repeated"} {
		all = append(all, amqp.Binding{Exchange: lineExchange, Key: "linecheck." + what + "." + origin})
	}
	return all
}
