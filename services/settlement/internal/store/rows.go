package store

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/settlement/internal/ledger"
	"fxcore/services/settlement/internal/movement"
	"fxcore/services/settlement/internal/obligation"
)

// obligationRow is a row of the table obligation.
type obligationRow struct {
	TradeID     string           `json:"trade_id"`
	Version     int              `json:"trade_version"`
	Leg         int              `json:"leg"`
	State       obligation.State `json:"state"`
	Movement    string           `json:"movement"`
	Origin      string           `json:"origin"`
	Client      string           `json:"client"`
	Account     string           `json:"account"`
	Desk        string           `json:"desk"`
	Product     string           `json:"product"`
	ValueDate   string           `json:"value_date"`
	Base        string           `json:"base"`
	BaseAmount  decimal.Decimal  `json:"base_amount"`
	Quote       string           `json:"quote"`
	QuoteAmount decimal.Decimal  `json:"quote_amount"`
	DueFrom     time.Time        `json:"due_from"`
	NotAfter    time.Time        `json:"not_after"`
	DealtAtOnce bool             `json:"dealt_at_once"`
	Held        string           `json:"held"`
	Refused     string           `json:"booking_refused"`
	Superseded  bool             `json:"superseded"`
	Windowless  bool             `json:"windowless"`
}

func (r obligationRow) obligation() (*obligation.Obligation, error) {
	date, err := fxdate.ParseDate(r.ValueDate)
	return &obligation.Obligation{
		Ref: obligation.Ref{TradeID: r.TradeID, Version: r.Version, Leg: r.Leg},
		Terms: obligation.Terms{
			Origin: r.Origin, Client: r.Client, Account: r.Account, Desk: r.Desk, Product: r.Product, ValueDate: date,
			Base:   ledger.Flow{Currency: r.Base, Amount: r.BaseAmount},
			Quote:  ledger.Flow{Currency: r.Quote, Amount: r.QuoteAmount},
			Window: obligation.Window{From: r.DueFrom.UTC(), NotAfter: r.NotAfter.UTC()}, DealtAtOnce: r.DealtAtOnce,
		},
		State: r.State, Movement: r.Movement, Held: r.Held, BookingRefused: r.Refused, Superseded: r.Superseded, Windowless: r.Windowless,
	}, err
}

// movementRow is a row of the table movement.
type movementRow struct {
	ID        string         `json:"id"`
	Client    string         `json:"client"`
	ValueDate string         `json:"value_date"`
	Netted    bool           `json:"netted"`
	Payments  []paymentRow   `json:"payments"`
	Lines     []lineRow      `json:"lines"`
	State     movement.State `json:"state"`
	Attempt   int            `json:"attempt"`
	NotAfter  time.Time      `json:"not_after"`
	Reference string         `json:"reference"`
	Code      string         `json:"code"`
	Text      string         `json:"text"`
	ActedBy   string         `json:"acted_by"`
	ActedWhy  string         `json:"acted_why"`
	ChangedAt time.Time      `json:"changed_at"`
	Early     bool           `json:"early"`
	MovedAt   *time.Time     `json:"moved_at"`
}

// paymentRow is a payment in the column payments.
type paymentRow struct {
	Currency string          `json:"currency"`
	Amount   decimal.Decimal `json:"amount"`
	Account  string          `json:"account"`
}

// lineRow is a line in the column lines.
type lineRow struct {
	Currency string          `json:"currency"`
	Amount   decimal.Decimal `json:"amount"`
	From     string          `json:"from"`
	To       string          `json:"to"`
}

func linesOf(lines []movement.Line) []lineRow {
	rows := make([]lineRow, len(lines))
	for i, l := range lines {
		rows[i] = lineRow(l)
	}
	return rows
}

func (r movementRow) movement() (movement.Movement, error) {
	date, err := fxdate.ParseDate(r.ValueDate)
	m := movement.Movement{
		ID: r.ID, Client: r.Client, ValueDate: date, Netted: r.Netted, NotAfter: r.NotAfter.UTC(), State: r.State,
		Attempt: r.Attempt, Answer: movement.Answer{Reference: r.Reference, Code: r.Code, Text: r.Text},
		By: r.ActedBy, Why: r.ActedWhy, At: r.ChangedAt.UTC(), Early: r.Early,
	}
	if r.MovedAt != nil {
		m.MovedAt = r.MovedAt.UTC()
	}
	for _, p := range r.Payments {
		m.Payments = append(m.Payments, movement.Payment(p))
	}
	for _, l := range r.Lines {
		m.Lines = append(m.Lines, movement.Line(l))
	}
	return m, err
}

func paymentsOf(m *movement.Movement) string {
	rows := make([]paymentRow, len(m.Payments))
	for i, p := range m.Payments {
		rows[i] = paymentRow(p)
	}
	return text(rows)
}

// text encodes rows of texts and decimals, which cannot fail.
func text(rows any) string {
	encoded, _ := json.Marshal(rows)
	return string(encoded)
}
