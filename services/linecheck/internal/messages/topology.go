package messages

import (
	"embed"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
)

// The queues of linecheck.
const (
	Checks   = "linecheck"
	Facts    = "linecheck.facts"
	Jobs     = "linecheck.jobs"
	Sessions = "linecheck.sessions"
)

const (
	tradeExchange = "fx.trade"
	lineExchange  = "fx.line"
	opsExchange   = "fx.ops"
)

// linger: a registered trade weighs on its lines as much as its reservation did, so whoever asks meanwhile gets the same
// answer. Releases do not linger: they make room.
const linger = 100 * time.Millisecond

// BatchOrigin is the origin of what no request led to.
const BatchOrigin = "batch"

//go:embed samples/*.json
var samples embed.FS

// Topology is what linecheck declares at the broker.
func Topology() amqp.Topology {
	return amqp.Topology{
		Service: "linecheck",
		Queues: []amqp.Queue{
			{
				Name:    Checks,
				Purpose: "holds deals and line checks against the lines, and frees what a rejected trade had reserved",
				Bindings: []amqp.Binding{
					{Exchange: tradeExchange, Key: TradeValidated.Name + ".*"},
					{Exchange: tradeExchange, Key: TradeRejected.Name + ".*"},
					{Exchange: lineExchange, Key: LineCheckAuthorized.Name + ".*"},
				},
			},
			{
				Name:     Facts,
				Purpose:  "consumes what a registered trade had reserved",
				Bindings: []amqp.Binding{{Exchange: tradeExchange, Key: TradeRegistered.Name + ".*"}},
				Linger:   linger,
			},
			{
				Name:     Jobs,
				Purpose:  "expires reservations that nobody resolved in time",
				Bindings: []amqp.Binding{{Exchange: opsExchange, Key: JobDue.Name + "." + BatchOrigin}},
			},
			{
				Name:    Sessions,
				Purpose: "withdraws what a provider that stayed away had reserved and not used",
				Bindings: []amqp.Binding{
					{Exchange: opsExchange, Key: SessionHasEnded.Name + ".*"},
					{Exchange: opsExchange, Key: ProviderLeft.Name + ".*"},
				},
			},
		},
		Publishes: []amqp.Publication{
			publication(tradeExchange, TradeReserved, "The trade's exposure is reserved on every line that it uses; it can be registered until the reservation expires.").AllOrigins(),
			publication(tradeExchange, TradeRejected, "A line does not bear the trade; code, text and nodes say which, and what is missing."),
			publication(lineExchange, LineCheckCompleted, "The line was reserved, or the reservation consumed or cancelled, as asked."),
			publication(lineExchange, LineCheckRejected, "A line does not bear what was asked for, or there is no such open reservation."),
			publication(opsExchange, ProviderLeft, "A provider that stayed away had so much reserved that more is to be withdrawn."),
			publication(opsExchange, JobDue, "A job is due; whoever does a part of it takes that part."),
		},
	}
}

func publication(exchange string, t event.Type, purpose string) amqp.Publication {
	return amqp.Sampled(samples, exchange, t, purpose)
}
