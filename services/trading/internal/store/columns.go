package store

import (
	"encoding/json"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/trading/internal/trade"
)

// positive returns a rate as text; empty (SQL null) if nobody knows it.
func positive(rate decimal.Decimal) string {
	if !rate.IsPositive() {
		return ""
	}
	return rate.String()
}

// day returns a date; nil (SQL null) for the zero date.
func day(d fxdate.Date) *time.Time {
	if d.IsZero() {
		return nil
	}
	at := d.Time()
	return &at
}

// flagRow is a flag as the column flags has it.
type flagRow struct {
	Flag      string `json:"flag"`
	Leg       int    `json:"leg"`
	Deviation string `json:"deviation,omitempty"`
	Text      string `json:"text"`
}

// flags returns the flags as JSON; an empty list for none.
func flags(all []trade.Flag) string {
	if len(all) == 0 {
		return "[]"
	}
	rows := make([]flagRow, len(all))
	for i, f := range all {
		rows[i] = flagRow{Flag: string(f.Name), Leg: f.Leg, Text: clean(f.Text)}
		if f.Name == trade.OffMarket {
			rows[i].Deviation = f.Deviation.String()
		}
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return "[]" // texts and numbers can always be encoded
	}
	return string(text)
}
