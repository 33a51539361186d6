package contract

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
)

// The topic exchanges.
const (
	TradeExchange  = "fx.trade"
	LineExchange   = "fx.line"
	StaticExchange = "fx.static"
	OpsExchange    = "fx.ops"
)

// Origins of events that no provider's request led to.
const (
	Batch      = "batch"      // jobs
	Operations = "operations" // what on-call commands
)

// Exchange returns the exchange that carries a type. The noun of its name decides. A noun that is not listed is a defect
// of the build: Exchange panics.
func Exchange(t event.Type) string {
	noun, _, _ := strings.Cut(t.Name, ".")
	switch noun {
	case "trade":
		return TradeExchange
	case "linecheck":
		return LineExchange
	case "static":
		return StaticExchange
	case "instance", "session", "move", "failover", "job", "reservations":
		return OpsExchange
	}
	panic(fmt.Sprintf("contract: no exchange carries %s: add its noun to Exchange", t))
}

// Bindings bring a queue all events of the types, whatever their origin, except for types that have only one origin. They
// stand in the order of [All], whatever the order of the types.
func Bindings(types ...event.Type) []amqp.Binding {
	all := All()
	types = slices.SortedFunc(slices.Values(types), func(a, b event.Type) int {
		return slices.Index(all, a) - slices.Index(all, b)
	})
	bindings := make([]amqp.Binding, len(types))
	for i, t := range types {
		bindings[i] = amqp.Binding{Exchange: Exchange(t), Key: t.Name + "." + origin(t)}
	}
	return bindings
}

// origin is the only origin of a type, or * for a type with many.
func origin(t event.Type) string {
	switch t {
	case JobDue:
		return Batch
	case FailoverCommanded:
		return Operations
	}
	return "*"
}

// Publication declares that a service publishes a type. The sample of its data lies in samples/<type>.json.
func Publication(samples embed.FS, t event.Type, purpose string) amqp.Publication {
	return amqp.Sampled(samples, Exchange(t), t, purpose)
}
