package directory

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/linecheck/internal/line"
)

// amount is a decimal in a record, written as a string or a number. An empty string or null is no amount.
type amount struct{ decimal.NullDecimal }

// UnmarshalJSON implements json.Unmarshaler.
func (a *amount) UnmarshalJSON(text []byte) error {
	digits := strings.Trim(string(text), `"`)
	if digits == "" || digits == "null" {
		return nil
	}
	d, err := decimal.NewFromString(digits)
	a.NullDecimal = decimal.NewNullDecimal(d)
	return err
}

// each decodes every record of a set. One record that cannot be decoded fails the whole version, and the mirror keeps
// the previous one. An incomplete set would refuse clients wrongly or approve deals wrongly.
func each[R any](records map[string][]byte, take func(id string, r R) error) error {
	for id, text := range records {
		var r R
		if err := json.Unmarshal(text, &r); err != nil {
			return fmt.Errorf("record %s: %w", id, err)
		}
		if err := take(id, r); err != nil {
			return fmt.Errorf("record %s: %w", id, err)
		}
	}
	return nil
}

func decodeClients(records map[string][]byte) (map[string]Client, error) {
	type record struct {
		Group string `json:"group"`
		Desk  string `json:"desk"`
	}
	clients := make(map[string]Client, len(records))
	return clients, each(records, func(id string, r record) error {
		clients[id] = Client(r)
		return nil
	})
}

func decodeLines(records map[string][]byte) (map[line.Node]line.Limit, error) {
	type record struct {
		Currency     string `json:"currency"`
		Limit        amount `json:"limit"`
		Settlement   amount `json:"settlement_limit"`
		Clip         amount `json:"clip"`
		MaxTenorDays int    `json:"max_tenor_days"`
	}
	limits := make(map[line.Node]line.Limit, len(records))
	return limits, each(records, func(id string, r record) error {
		node, err := line.ParseNode(id)
		if err != nil {
			return err
		}
		if r.Currency != line.Currency || !r.Limit.Valid {
			return fmt.Errorf("a line is a limit in %s, not %q", line.Currency, r.Currency)
		}
		limits[node] = line.Limit{
			Amount: r.Limit.Decimal, Settlement: r.Settlement.NullDecimal, Clip: r.Clip.NullDecimal, MaxTenorDays: r.MaxTenorDays,
		}
		return nil
	})
}

func decodeHoldings(records map[string][]byte) (map[string][]line.Holding, error) {
	type holding struct {
		Kind          line.HoldingKind `json:"kind"`
		ID            string           `json:"id"`
		Currency      string           `json:"currency"`
		Quantity      amount           `json:"quantity"`
		Price         amount           `json:"price"`
		Issuer        string           `json:"issuer"`
		Rating        string           `json:"rating"`
		ResidualYears amount           `json:"residual_years"`
		PricedAt      string           `json:"priced_at"`
		Index         bool             `json:"index"`
	}
	type record struct {
		Holdings []holding `json:"holdings"`
	}
	holdings := make(map[string][]line.Holding, len(records))
	return holdings, each(records, func(client string, r record) error {
		for _, h := range r.Holdings {
			pricedAt, _ := time.Parse(time.RFC3339, h.PricedAt) // without a time the price counts as too old, so the holding has no value
			holdings[client] = append(holdings[client], line.Holding{
				Kind: h.Kind, ID: h.ID, Currency: h.Currency, Quantity: h.Quantity.Decimal, Price: h.Price.Decimal,
				Issuer: h.Issuer, Rating: h.Rating, ResidualYears: h.ResidualYears.Decimal, PricedAt: pricedAt, MainIndex: h.Index,
			})
		}
		return nil
	})
}
