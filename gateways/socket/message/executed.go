package message

import "time"

// Executed says that a requested trade is done in full.
type Executed struct {
	AnswerHead
	TradeID   string
	AnswerID  string // the same in a repeat of the same answer, else unique
	TradeDate string
	DecidedAt time.Time
	Client    string
	Product   Product
	Pair      string // as the request wrote it
	Currency  string // dealt currency
	SpotRate  string // spot rate of Pair within the rates of a forward or swap; may be empty
	Legs      []ExecutedLeg
}

// ExecutedLeg is one executed exchange of currencies.
type ExecutedLeg struct {
	Side          Side
	Amount        string // of the dealt currency
	Rate          string // all-in
	ValueDate     string
	OtherCurrency string
	OtherAmount   string
	ForwardPoints string // rate less spot rate; empty without a spot rate
}

// Type is TypeExecuted.
func (*Executed) Type() Type { return TypeExecuted }

func (e *Executed) fields(f *fields) {
	f.text("trade_id", &e.TradeID, required(maxReference))
	f.text("answer_id", &e.AnswerID, required(maxReference))
	f.date("trade_date", &e.TradeDate)
	f.needInstant("decided_at", &e.DecidedAt)
	f.text("client", &e.Client, required(maxParty))
	oneOf(f, "product", &e.Product, products)
	f.text("pair", &e.Pair, required(maxParty))
	f.currency("currency", &e.Currency)
	f.figure("spot_rate", &e.SpotRate)
	group(f, "legs", &e.Legs, swapLegs, func(l *ExecutedLeg) { l.walk(f) })
	if len(e.Legs) == 0 {
		f.fail("legs", ruleNeeded)
	}
}

func (l *ExecutedLeg) walk(f *fields) {
	oneOf(f, "side", &l.Side, sides)
	f.needAmount("amount", &l.Amount)
	f.needAmount("rate", &l.Rate)
	f.date("value_date", &l.ValueDate)
	f.currency("other_currency", &l.OtherCurrency)
	f.figure("other_amount", &l.OtherAmount)
	f.figure("forward_points", &l.ForwardPoints)
	if l.ValueDate == "" {
		f.fail("value_date", ruleNeeded)
	}
}
