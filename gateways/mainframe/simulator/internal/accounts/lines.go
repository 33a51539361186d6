package accounts

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/simulator/internal/journal"
)

// Entry is one line of the file: a movement that was made or refused, or an operator's order.
type Entry struct {
	Reference string    `json:"reference,omitempty"` // of a movement that was made
	At        time.Time `json:"at"`                  // by the bank's clock
	*Content
	Attempt int    `json:"attempt,omitempty"`
	Digest  string `json:"digest,omitempty"` // SHA-256 of the content, hex
	Code    string `json:"code,omitempty"`   // of a movement that was refused
	Text    string `json:"text,omitempty"`
	Order   *order `json:"order,omitempty"`
}

// Content is what a movement is about.
type Content struct {
	MovementID string `json:"movement_id"`
	ValueDate  string `json:"value_date"`
	Client     string `json:"client"`
	Lines      []Line `json:"lines"`
}

// order is what an operator has changed.
type order struct {
	Account  string           `json:"account,omitempty"`
	Currency string           `json:"currency,omitempty"`
	Balance  *decimal.Decimal `json:"balance,omitempty"` // of the account from now on
	Closed   *bool            `json:"closed,omitempty"`  // the account
	Blocked  *bool            `json:"blocked,omitempty"` // the currency
}

func (m Movement) content() Content {
	return Content{MovementID: m.ID, ValueDate: m.ValueDate.Format(time.DateOnly), Client: m.Client, Lines: m.Lines}
}

func (m Movement) entry(d decision, at time.Time) Entry {
	c := m.content()
	return Entry{
		Reference: d.outcome.Reference, At: at, Content: &c, Attempt: d.attempt, Digest: hex.EncodeToString(d.digest[:]),
		Code: d.outcome.Code, Text: d.outcome.Text,
	}
}

// replay takes a line of the file into memory.
func (b *Book) replay(text []byte, at journal.Place) error {
	var e Entry
	if err := json.Unmarshal(text, &e); err != nil {
		return err
	}
	switch {
	case e.Order != nil:
		return b.follow(*e.Order)
	case e.Content == nil:
		return fmt.Errorf("neither a movement nor an order")
	}
	d := decision{attempt: e.Attempt, line: at, outcome: Outcome{Reference: e.Reference, Code: e.Code, Text: e.Text}}
	if e.Code == "" {
		d.outcome.MovedAt = e.At
	}
	digest, err := hex.DecodeString(e.Digest)
	if err != nil || len(digest) != len(d.digest) || e.Code == "" && e.Reference != reference(len(b.made)+1) {
		return fmt.Errorf("movement %s: digest or reference is not what was written", e.MovementID)
	}
	copy(d.digest[:], digest)
	change := Movement{Lines: e.Lines}.change()
	for id := range change {
		if _, known := b.accounts[id]; !known && e.Code == "" {
			return fmt.Errorf("movement %s: account %s is %w", e.MovementID, id, ErrUnknown)
		}
	}
	b.apply(e.MovementID, d, change)
	return nil
}
