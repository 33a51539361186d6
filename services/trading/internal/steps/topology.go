package steps

import (
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
	"fxcore/services/trading/internal/messages"
)

// The queues of trading.
const (
	RequestsQueue = "trading"          // requests that may become trades
	FactsQueue    = "trading.facts"    // news about trades and requests
	SettledQueue  = "trading.settled"  // legs of trades that are settled
	ListsQueue    = "trading.lists"    // requests for lists of registered trades
	ActionsQueue  = "trading.actions"  // commands of people about registered trades
	PossibleQueue = "trading.possible" // questions what may be done with registered trades
)

// linger is how long a batch waits for more facts. It may be long, because nobody waits for the record of a fact.
const linger = 100 * time.Millisecond

// requests returns the table of the steps that turn a request into a trade. To add a step, add its type here: the
// queue's bindings follow.
func requests() inbox.Table[*Batch] {
	return inbox.Table[*Batch]{
		contract.TradeAuthorized: readAuthorized,
		contract.TradeReserved:   readReserved,
	}
}

// facts returns the table of the steps that record news about trades and requests.
func facts() inbox.Table[*Batch] {
	return inbox.Table[*Batch]{
		contract.TradeRejected: readRejected,
		contract.TradeAssigned: readAssigned,
		contract.TradeBooked:   readBooked,
		contract.TradeRefused:  readRefused,
	}
}

// settledLegs has a queue of its own. During an update replicas of the version before read the queues that they know, and would send
// a message that they do not know to the error queue.
func settledLegs() inbox.Table[*Batch] {
	return inbox.Table[*Batch]{
		contract.SettlementSettled: readSettled,
	}
}

// actions returns the table of the steps by which people act on registered trades.
func actions() inbox.Table[*Batch] {
	return inbox.Table[*Batch]{
		contract.TradeCommanded: readCommanded,
	}
}

// questions returns the table of the step that answers what may be done with registered trades.
func questions() inbox.Table[*Batch] {
	return inbox.Table[*Batch]{
		contract.ActionsRequested: readPossible,
	}
}

func listings() inbox.Table[*Listings] {
	return inbox.Table[*Listings]{
		contract.TradesRequested: readTradesRequested,
	}
}

// Topology returns what trading declares at the broker.
func Topology() amqp.Topology {
	return amqp.Topology{
		Service: "trading",
		Queues: []amqp.Queue{
			{
				Name:     RequestsQueue,
				Purpose:  "validates authorised requests and registers those whose line is reserved",
				Bindings: contract.Bindings(requests().Types()...),
				Waits:    true, // reports, for the market's data
			},
			{
				Name:     FactsQueue,
				Purpose:  "records rejections, responsible traders and bookings",
				Bindings: contract.Bindings(facts().Types()...),
				Linger:   linger,
			},
			{
				Name:     SettledQueue,
				Purpose:  "records settled legs, and tells which trade is executed",
				Bindings: contract.Bindings(settledLegs().Types()...),
				Linger:   linger,
				Yields:   true, // to requests
			},
			{
				Name:     ListsQueue,
				Purpose:  "lists registered trades for a service that compares them with its own data",
				Bindings: contract.Bindings(listings().Types()...),
			},
			{
				Name:     ActionsQueue,
				Purpose:  "keeps what people propose about registered trades, and does it once a second person approves",
				Bindings: contract.Bindings(actions().Types()...),
				Proofs:   contract.Proofs(actions().Types()...),
			},
			{
				Name:     PossibleQueue,
				Purpose:  "answers what may be done with a trade now, and what would come of it",
				Bindings: contract.Bindings(questions().Types()...),
			},
		},
		Publishes: messages.Publications(),
	}
}
