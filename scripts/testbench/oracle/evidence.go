package oracle

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// Evidence is everything that is known of a run, once it has come to rest. It must be complete: whatever was asked of
// the core since its stores were empty.
type Evidence struct {
	At    time.Time // when the stores were read
	Jumps []Jump    // of the bank's clock

	// By the providers' own records.
	Sent     []Sent
	Received []Answer

	// By the stores.
	Trades       []Trade
	Rejections   []Rejection
	Deletions    []Deletion // by two persons
	Claims       []string   // ids of trades and line checks that were authorised or refused
	Assignments  []Assignment
	Reservations []Reservation
	Usage        []Usage
	Settlements  []SettlementUsage
	Settled      []SettledLeg // none where no settlement runs
	Owed         []Obligation // the legs of trades as settlement keeps them
	Movements    []Movement   // what settlement holds for instructed
	Moved        []Movement   // what the mainframe has moved, in its order
	Books        []Balance    // the ledger
	Compared     []Comparison // of days with the mainframe's statements
	Kept         []KeptAnswer
	Bookings     []Booking // in the order in which the mainframe took them
	Queues       []Queue
	Journal      Journal
	Stuck        []Stuck
	Writes       []Write // of the gateways' sessions, in their order; none where nobody has watched
}

// Jump is a jump of the bank's clock: when it began, and the time at which the providers went on.
type Jump struct{ From, To time.Time }

// Sent is one message with a request, as its provider meant it.
type Sent struct {
	Session   string // the provider
	Reference string // ClOrdID (11), TradeReportID (571) or RiskLimitCheckRequestID (2318)
	Form      string // MsgType (35): D, AB, AE, DF, UDF; or type of a socket message: T, P, C; or api
	Product   string // spot, forward, swap
	Action    string // of a line check: reserve, consume, cancel, reverse
	Target    string // reference of the reservation that is consumed or cancelled, or whose consumption is reversed
	Uses      string // of a trade: the line check that it uses, by its reference or by our id; empty: none
	For       string // of a consumption or its reversal: the trade for which it is, by its reference or by our id; empty: none
	Quote     string // of an order: the bank's quote that it is on; empty: none
	Rest      string // what becomes of the part of that check which the trade leaves: free or keep; empty: keep
	Client    string
	Pair      string          // as the provider writes it, EUR/USD
	Currency  string          // the dealt one
	Side      string          // buy or sell, of the dealt currency, near leg
	Amount    decimal.Decimal // of the dealt currency; zero for all that a consumption, cancellation or reversal applies to
	Rate      decimal.Decimal // of the near leg; zero for a line check
	Again     bool            // the same request once more, because the core had said that it did not take it
	At        time.Time
}

// trades tells whether the request is to end as a trade.
func (s Sent) trades() bool { return slices.Contains([]string{"D", "AB", "AE", "T", "P", api}, s.Form) }

// api is the form of a request for a trade by the HTTP interface.
const api = "api"

// kept tells whether a gateway keeps the answer. The HTTP interface has a read model of its own.
func (s Sent) kept() bool { return s.trades() && s.Form != api }

// State is what an answer says.
type State string

// The states of an answer. Accepted, Rejected and Refused are final.
const (
	Pending  State = "pending"  // taken, to be decided
	Accepted State = "accepted" // filled, approved, consumed, cancelled
	Rejected State = "rejected" // by the bank
	Refused  State = "refused"  // a message that could not be understood
	Busy     State = "busy"     // not taken: to be sent again
)

// Answer is one message of the core, as its provider received it.
type Answer struct {
	Run       string // record that it is from: sequence numbers grow within it
	Session   string
	Reference string
	Form      string // MsgType (35): 8, AR, DG, UDG, 3, j; or type of a socket message
	State     State
	ID        string // of the trade or the reservation
	ExecID    string // ExecID (17)
	Reason    string // 103, 751, 2326, 373 or 380
	Text      string // for a person
	Seq       int    // MsgSeqNum (34)
	Again     bool   // PossDupFlag (43): it was asked for
	At        time.Time
}

func (a Answer) final() bool { return a.State == Accepted || a.State == Rejected || a.State == Refused }

// Trade is the first version of a registered trade.
type Trade struct {
	ID, Provider, Reference      string
	Status                       string
	Client, Product, Base, Quote string
	Dealt                        string // currency
	RegisteredAt                 time.Time
	Desk, Trader                 string // empty: nobody yet
	BookingReference             string // empty: not booked yet
	Legs                         []Leg  // near leg first
}

// Leg is one exchange of a trade, as the client sees it.
type Leg struct {
	ValueDate   string // YYYY-MM-DD
	BaseSide    string // buy or sell
	BaseAmount  decimal.Decimal
	QuoteAmount decimal.Decimal
	Rate        decimal.Decimal
}

// Rejection is one refusal that the core has recorded.
type Rejection struct{ TradeID, Provider, Reference, Code string }

// Assignment says who answers for a trade.
type Assignment struct{ TradeID, Desk, Trader string }

// Reservation is an exposure on a client's line, for a trade or a line check. Exposure and receivables are those of the whole
// amount; the open and the taken part use their shares of the line.
type Reservation struct {
	ID, Kind, Provider            string // kind trade or check
	State                         string // RESERVED, CONSUMED, USED, RELEASED, EXPIRED, CANCELLED, WITHDRAWN, REVERSED, SETTLED, DELETED
	Group, Desk, Dealer, Client   string // nodes, "client/C000001"; empty: none
	Exposure                      decimal.Decimal
	NearDate, FarDate             string // empty: none
	NearReceivable, FarReceivable decimal.Decimal
	ExpiresAt                     time.Time
	Basis                         Basis
	Pair, Currency, Side          string          // side of the currency, which is that of the amounts
	Amount, Open, Taken           decimal.Decimal // Open: promised, Taken: consumed; nobody uses the rest any more
	ValueDate                     string          // the last one
	Netted                        bool            // the client has a netting agreement
	Exchange                      Exchange        // if it is netted: of the last leg
	Swap                          Swap            // if it is a netted swap
	FromCheck                     string          // the line check whose reservation a trade took over; empty: none
	FromAmount                    decimal.Decimal // in the currency of that check
	FromTaken                     decimal.Decimal // of it, what the check had consumed
	Late                          bool            // consumed after its expiry
	NearSettled, FarSettled       bool            // linecheck has freed what the leg was to receive
}

// Basis is what an exposure was computed from.
type Basis struct {
	BaseCurrency string          `json:"base_currency"`
	BaseAmount   decimal.Decimal `json:"base_amount"`
	Conversion   decimal.Decimal `json:"conversion_rate"` // limit currency for one of the base currency
	AddOn        decimal.Decimal `json:"add_on"`
	MarkToMarket decimal.Decimal `json:"mark_to_market"`
}

// Usage is what a node carries, as linecheck keeps it.
type Usage struct {
	Node               string
	Reserved, Consumed decimal.Decimal
}

// SettlementUsage is what a node's counterparties have to deliver on one day, as linecheck keeps it.
type SettlementUsage struct {
	Node, ValueDate string
	Used            decimal.Decimal
}

// SettledLeg is a leg of a trade that settlement has settled: 1 near, 2 far.
type SettledLeg struct {
	TradeID string
	Leg     int
}

// KeptAnswer is a final answer that the gateway has stored, for a provider that asks again.
type KeptAnswer struct{ Session, ID string }

// Write is one or more writes of a session's rows after those of another epoch or writer.
type Write struct {
	Session string // the provider
	Epoch   int64  // of the lease that the writer held
	Writer  string // the instance
}

// Booking is one line of the mainframe's book.
type Booking struct {
	TradeID, Reference, Provider, Client, Product, Pair string
	Reverses                                            string // the deleted trade whose opposite it is; empty: none
	Legs                                                []Leg
}

// Queue is one queue of the broker.
type Queue struct {
	Name     string
	Messages int
}

// Stuck is one message in the error queue or the queue of what could not be routed.
type Stuck struct{ Queue, From, Reason, Type, ID string }

// Journal is what tracing says of its journal.
type Journal struct {
	Unkept                   []Unkept // some of the messages that it lacks
	Doubled                  []string // some of the ids of messages that it has more than once
	Messages, Spans          int
	SpansMissing, SpansExtra int // messages without a span, spans without a message
}

// Unkept is a message that a service has handled and that is not in the journal.
type Unkept struct{ Service, ID string }
