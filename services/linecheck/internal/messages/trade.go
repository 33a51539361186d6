package messages

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
	"fxcore/services/contract/fxdate"
	"fxcore/services/linecheck/internal/line"
)

// Trade holds the fields of trade.validated, trade.registered and trade.rejected that linecheck reads.
type Trade struct {
	Request struct {
		TradeID  string `json:"trade_id"`
		Provider string `json:"provider"`
		Client   string `json:"client"`
		Kind     string `json:"kind"`     // "report" for a trade that was done elsewhere
		Currency string `json:"currency"` // the dealt one, as the provider named it
		QuoteID  string `json:"quote_id"` // of a price that the bank has published; may be empty

		LineCheck *LineCheck `json:"line_check"`
	} `json:"request"`
	Authorized Terms          `json:"authorized"`
	Caller     *access.Caller `json:"caller"` // who asks by the API; nil for a provider
	Validated  struct {
		TradeDate string `json:"trade_date"`
		SpotDate  string `json:"spot_date"`
		Pair      string `json:"pair"` // in its conventional order
		Legs      []Leg  `json:"legs"` // near leg first
	} `json:"validated"`
	Reserved *Taken `json:"reserved"` // linecheck's own section; trade.rejected has it only after the line check
}

// LineCheck names the line check that a trade uses.
type LineCheck struct {
	CheckID   string `json:"check_id"`
	Reference string `json:"reference"` // by which the provider named it; empty: by the id
	Rest      string `json:"rest"`      // what becomes of the part that the trade does not use: "keep" or "free"; empty means keep
}

// Free is the wish that a reservation's rest becomes free.
const Free = "free"

// Reported is the kind of a trade that was done elsewhere.
const Reported = "report"

// ReadTrade decodes the trade in e. An error means that e can never be handled.
func ReadTrade(e event.Event) (Trade, error) {
	var t Trade
	if err := e.Read(&t); err != nil {
		return t, err
	}
	return t, contract.CheckIsID("trade id", t.Request.TradeID)
}

// Terms are what auth found: the client's group and desk, and what the provider may.
type Terms struct {
	ClientGroup string `json:"client_group"`
	Desk        string `json:"desk"`
	DateDecides bool   `json:"date_decides"` // of a check: its value date stands above its product
}

// Leg is one leg of a validated trade, seen from the client.
type Leg struct {
	ValueDate   string          `json:"value_date"`
	BaseSide    line.Side       `json:"base_side"`
	BaseAmount  decimal.Decimal `json:"base_amount"`
	QuoteAmount decimal.Decimal `json:"quote_amount"`
	Rate        decimal.Decimal `json:"rate"` // quote per base
}

// Deal converts the validated trade to a deal of package line, which still lacks its pair. An error means that the message
// can never be handled.
func (t Trade) Deal() (line.Deal, error) {
	v := t.Validated
	if !strings.Contains(v.Pair, "/") || len(v.Legs) == 0 || len(v.Legs) > 2 {
		return line.Deal{}, fmt.Errorf("trade %s: pair %q with %d legs", t.Request.TradeID, v.Pair, len(v.Legs))
	}
	var d line.Deal
	var err error
	if d.Dates.Trade, err = fxdate.ParseDate(v.TradeDate); err != nil {
		return d, fmt.Errorf("trade %s: trade date: %w", t.Request.TradeID, err)
	}
	if d.Dates.Spot, err = fxdate.ParseDate(v.SpotDate); err != nil {
		return d, fmt.Errorf("trade %s: spot date: %w", t.Request.TradeID, err)
	}
	for _, l := range v.Legs {
		leg, err := l.leg()
		if err != nil {
			return d, fmt.Errorf("trade %s: %w", t.Request.TradeID, err)
		}
		d.Legs = append(d.Legs, leg)
	}
	return d, nil
}

// Terms returns what the trade uses a line for, without a netting agreement. An error means that the message can never be
// handled.
func (t Trade) Terms() (line.Terms, error) {
	d, err := t.Deal()
	if err != nil {
		return line.Terms{}, err
	}
	base, _, _ := strings.Cut(t.Validated.Pair, "/")
	last := d.Legs[len(d.Legs)-1]
	terms := line.Terms{Pair: t.Validated.Pair, Currency: base, Side: last.Side, ValueDate: last.ValueDate}
	for _, leg := range d.Legs {
		terms.Amount = decimal.Max(terms.Amount, leg.BaseAmount)
	}
	return terms, nil
}

func (l Leg) leg() (line.Leg, error) {
	valueDate, err := fxdate.ParseDate(l.ValueDate)
	if err != nil {
		return line.Leg{}, fmt.Errorf("value date: %w", err)
	}
	if l.BaseSide != line.Buy && l.BaseSide != line.Sell {
		return line.Leg{}, fmt.Errorf("side %q", l.BaseSide)
	}
	if !l.BaseAmount.IsPositive() || !l.QuoteAmount.IsPositive() || !l.Rate.IsPositive() {
		return line.Leg{}, fmt.Errorf("amounts %s and %s at %s", l.BaseAmount, l.QuoteAmount, l.Rate)
	}
	return line.Leg{ValueDate: valueDate, Side: l.BaseSide, BaseAmount: l.BaseAmount, QuoteAmount: l.QuoteAmount, Rate: l.Rate}, nil
}
