package directory

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/mirror"
	"fxcore/services/contract/fxdate"
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

// netsByPair is the netting agreement that covers the deals of one pair and value date; see [line.Set].
const netsByPair = "pair"

// clients holds all clients, and the ids of each group's.
type clients struct {
	byID    map[string]Client
	byGroup map[string][]string
}

func decodeClients(records map[string][]byte) (clients, error) {
	type record struct {
		Group   string `json:"group"`
		Desk    string `json:"desk"`
		Netting string `json:"netting"` // "pair" for an agreement, "" for none
	}
	c := clients{byID: make(map[string]Client, len(records)), byGroup: make(map[string][]string)}
	return c, mirror.Decode(records, func(id string, r record) error {
		c.byID[id] = Client{Group: r.Group, Desk: r.Desk, Netted: r.Netting == netsByPair}
		if r.Group != "" {
			c.byGroup[r.Group] = append(c.byGroup[r.Group], id)
		}
		if r.Netting != "" && r.Netting != netsByPair {
			return fmt.Errorf("netting is %q or empty, not %q: the client's deals are added up", netsByPair, r.Netting)
		}
		return nil
	})
}

func decodeLines(records map[string][]byte) (map[line.Node]Limit, error) {
	type record struct {
		Currency   string `json:"currency"`
		Limit      amount `json:"limit"`
		Settlement amount `json:"settlement_limit"`
		Clip       amount `json:"clip"`
		MaxTenor   string `json:"max_tenor"`      // "5Y"; empty means no limit
		Former     int    `json:"max_tenor_days"` // the former form of max_tenor; 0 means no limit
	}
	limits := make(map[line.Node]Limit, len(records))
	return limits, mirror.Decode(records, func(id string, r record) error {
		node, err := line.ParseNode(id)
		if err != nil {
			return err
		}
		if r.Currency == "" || !r.Limit.Valid {
			return errors.New("a line has a limit and its currency")
		}
		limit := Limit{Currency: r.Currency, Limit: line.Limit{Amount: r.Limit.Decimal, Settlement: r.Settlement.NullDecimal, Clip: r.Clip.NullDecimal}}
		if r.MaxTenor == "" {
			r.MaxTenor = formerTenor(r.Former)
		}
		if r.MaxTenor != "" {
			if limit.MaxTenor, err = fxdate.ParseTenor(r.MaxTenor); err != nil {
				return err
			}
		}
		limits[node] = limit
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
	return holdings, mirror.Decode(records, func(client string, r record) error {
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
