package steps

import (
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
	"fxcore/services/jobs"
	"fxcore/services/settlement/internal/messages"
)

// The queues of settlement.
const (
	TradesQueue     = "settlement"            // registered trades
	BookingsQueue   = "settlement.bookings"   // trades that the mainframe has booked
	DeletedQueue    = "settlement.deleted"    // trades that are deleted
	MovementsQueue  = "settlement.movements"  // the mainframe's answers, and commands of people
	StatementsQueue = "settlement.statements" // what the mainframe has moved on a day
	ListingsQueue   = "settlement.listings"   // lists of registered trades

	TimingStream = "settlement.timing" // how long line checks take; every replica reads all of it
)

// The bounds of the stream: what it says is of use for some seconds.
const (
	timingAge   = time.Minute
	timingBytes = 16 << 20
)

// The times for which batches wait for more. They may be long, because nobody waits for an answer.
const (
	tradesLinger    = 500 * time.Millisecond
	bookingsLinger  = 500 * time.Millisecond
	movementsLinger = 20 * time.Millisecond
)

// tradesBatch is how many trades, or bookings, one transaction keeps at most.
const tradesBatch = 2_048

// The tables of the queues' steps. To add a step, add its type to one of them: the queue's bindings follow.

func trades() inbox.Table[*Batch] {
	return inbox.Table[*Batch]{
		contract.TradeRegistered: readRegistered,
		contract.TradeRefused:    readBookingRefused,
	}
}

// bookings has a queue of its own. Replicas of the version before did not read it, and a queue that they consume must not bring it to them.
func bookings() inbox.Table[*Batch] {
	return inbox.Table[*Batch]{
		contract.TradeBooked: readBooked,
	}
}

// deletions has a queue of its own for the same reason.
func deletions() inbox.Table[*Batch] {
	return inbox.Table[*Batch]{
		contract.TradeDeleted: readDeleted,
	}
}

func movements() inbox.Table[*Batch] {
	return inbox.Table[*Batch]{
		contract.MovementMade:        readMade,
		contract.MovementRefused:     readMovementRefused,
		contract.SettlementCommanded: readCommanded,
	}
}

func statements() inbox.Table[Statements] {
	return inbox.Table[Statements]{
		contract.StatementDelivered: readStatement,
	}
}

func listings() inbox.Table[*Listing] {
	return inbox.Table[*Listing]{
		contract.TradesListed: readListed,
	}
}

// Topology returns what settlement declares at the broker.
func Topology() amqp.Topology {
	return amqp.Topology{
		Service: "settlement",
		Queues: []amqp.Queue{
			{
				Name:     TradesQueue,
				Purpose:  "keeps what the bank and the client owe each other by a registered trade, and which trades are not booked",
				Bindings: contract.Bindings(trades().Types()...),
				Linger:   tradesLinger,
				MaxBatch: tradesBatch,
			},
			{
				Name:     BookingsQueue,
				Purpose:  "keeps which trades are booked: no other one is paid",
				Bindings: contract.Bindings(bookings().Types()...),
				Linger:   bookingsLinger,
				MaxBatch: tradesBatch,
			},
			{
				Name:     DeletedQueue,
				Purpose:  "takes back what a deleted trade made due, with its entries",
				Bindings: contract.Bindings(deletions().Types()...),
				Proven:   true,
			},
			{
				Name:     MovementsQueue,
				Purpose:  "settles the legs whose money the mainframe has moved, and records what it refused",
				Bindings: contract.Bindings(movements().Types()...),
				Proofs:   contract.Proofs(movements().Types()...),
				Linger:   movementsLinger,
			},
			{
				Name:         StatementsQueue,
				Purpose:      "compares what the mainframe has moved on a day with what was instructed",
				Bindings:     contract.Bindings(statements().Types()...),
				SingleActive: true, // each page follows the one before
			},
			{
				Name:     ListingsQueue,
				Purpose:  "adds the legs of registered trades that settlement does not have",
				Bindings: contract.Bindings(listings().Types()...),
			},
			{
				Name:     TimingStream,
				Purpose:  "has the execution of due trades yield to line checks",
				Bindings: contract.Bindings(contract.LineChecksTimed),
				Stream:   amqp.Retention{MaxAge: timingAge, MaxBytes: timingBytes},
			},
			Jobs(nil, PartSize, nil).Queue(),
		},
		Publishes: append(messages.Publications(), jobs.Publications()...),
	}
}
