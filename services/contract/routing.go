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
	TradeExchange      = "fx.trade"
	LineExchange       = "fx.line"
	SettlementExchange = "fx.settlement"
	AccessExchange     = "fx.access"
	StaticExchange     = "fx.static"
	OpsExchange        = "fx.ops"
	AuditExchange      = "fx.audit"
)

// The origins of events that no provider's request caused.
const (
	Batch      = "batch"      // scheduled jobs
	Operations = "operations" // commands of the person on call
	API        = "api"        // requests of people and systems by the API; their provider is [APIProvider]
)

// APIProvider is the provider in a request that came by the API. It is not in the bank's list of providers: the section caller
// says who asks.
const APIProvider = "API"

// Exchange returns the exchange that carries events of type t. The first word of the type's name (its noun) decides.
// Exchange panics for a noun that it does not list: that is a programming error.
func Exchange(t event.Type) string {
	noun, _, _ := strings.Cut(t.Name, ".")
	switch noun {
	case "trade", "trades", "action", "actions", "reversal":
		return TradeExchange
	case "linecheck", "whatif", "lines":
		return LineExchange
	case "movement", "settlement", "statement":
		return SettlementExchange
	case "token", "credential", "command":
		return AccessExchange
	case "static":
		return StaticExchange
	case "instance", "session", "message", "move", "failover", "job", "clock", "reservations", "health", "alert", "error":
		return OpsExchange
	case "audit":
		return AuditExchange
	}
	panic(fmt.Sprintf("contract: no exchange carries %s: add its noun to Exchange", t))
}

// Bindings returns the bindings that bring a queue all events of the given types. A binding takes every origin, except
// for a type that has only one. The bindings are in the order of [All], whatever the order of the arguments.
func Bindings(types ...event.Type) []amqp.Binding {
	return bindings(origin, types)
}

// BindingsFrom returns the bindings that bring a queue the events of the given types from one origin: a provider's id in
// lower case, or a gateway's name. The bindings are in the order of [All].
func BindingsFrom(from string, types ...event.Type) []amqp.Binding {
	return bindings(func(event.Type) string { return from }, types)
}

func bindings(origin func(event.Type) string, types []event.Type) []amqp.Binding {
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

// origin returns the only origin of a type, or * for a type with several origins.
func origin(t event.Type) string {
	switch t {
	case JobDue, JobFinished, ClockCommanded, LinesCompared:
		return Batch
	case FailoverCommanded, HealthReported, LineChecksTimed, AlertRaised, AlertCleared, ErrorReplayed, ErrorDiscarded, AuditNoted:
		return Operations
	}
	return "*"
}

// Publication declares that a service publishes a type. The file samples/<type>.json holds a sample of its data.
func Publication(samples embed.FS, t event.Type, purpose string) amqp.Publication {
	return amqp.Sampled(samples, Exchange(t), t, purpose)
}
