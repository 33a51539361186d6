// Package messages is what auth reads from the broker and what it publishes.
package messages

import "fxcore/lambda/event"

// The types that auth reads.
var (
	TradeRequested     = event.Type{Name: "trade.requested", Version: 1}
	LineCheckRequested = event.Type{Name: "linecheck.requested", Version: 1}
)

// Answers are the three events of which each request leads to exactly one.
type Answers struct {
	Authorized event.Type // goes on to be decided
	Rejected   event.Type // ends here, with the reason
	Repeated   event.Type // came before: the answer to the first holds
}

// The answers to a trade request and to a line check.
var (
	TradeAnswers     = answers("trade")
	LineCheckAnswers = answers("linecheck")
)

func answers(noun string) Answers {
	return Answers{
		Authorized: event.Type{Name: noun + ".authorized", Version: 1},
		Rejected:   event.Type{Name: noun + ".rejected", Version: 1},
		Repeated:   event.Type{Name: noun + ".repeated", Version: 1},
	}
}
