package directory

import (
	"fmt"

	"github.com/shopspring/decimal"

	"fxcore/lambda/mirror"
	"fxcore/services/auth/internal/authorization"
)

// The records in Redis, each with only the fields that auth reads.
type (
	providerRecord struct {
		Status       string   `json:"status"`
		Clients      []string `json:"clients"`
		Products     []string `json:"products"`
		Pairs        []string `json:"pairs"`
		MaxAmountUSD string   `json:"max_amount_usd"`
	}
	clientRecord struct {
		Name   string `json:"name"`
		Group  string `json:"group"`
		Desk   string `json:"desk"`
		Status string `json:"status"`
	}
	accountRecord struct {
		Client   string `json:"client"`
		Currency string `json:"currency"`
	}
	rateRecord struct {
		Mid decimal.Decimal `json:"mid"` // units per 1 EUR
	}
	userRecord struct {
		Name string `json:"name"`
		Role string `json:"role"`
		Desk string `json:"desk"`
	}
	deskRecord struct {
		Products []string `json:"products"`
	}
)

// provider allows no deal if the record has no largest size.
func (r providerRecord) provider() (authorization.Provider, error) {
	var largest decimal.Decimal
	if r.MaxAmountUSD != "" {
		var err error
		if largest, err = decimal.NewFromString(r.MaxAmountUSD); err != nil {
			return authorization.Provider{}, fmt.Errorf("max_amount_usd: %w", err)
		}
	}
	return authorization.Provider{
		Status: r.Status, Clients: r.Clients, Products: r.Products, Pairs: r.Pairs, MaxAmountUSD: largest,
	}, nil
}

func (r clientRecord) client() (authorization.Client, error) {
	return authorization.Client{Name: r.Name, Group: r.Group, Desk: r.Desk, Status: r.Status}, nil
}

func (r accountRecord) account() (authorization.Account, error) {
	return authorization.Account{Client: r.Client, Currency: r.Currency}, nil
}

func (r userRecord) user() (authorization.User, error) {
	return authorization.User{Name: r.Name, Role: r.Role, Desk: r.Desk}, nil
}

func (r deskRecord) desk() (authorization.Desk, error) {
	return authorization.Desk{Products: r.Products}, nil
}

func (r rateRecord) rate() (decimal.Decimal, error) { return r.Mid, nil }

// decode makes the decoder of a whole set from the decoder of one record. A record that cannot be decoded is left out: requests
// that need it are refused, and the others go on.
func decode[R, T any](convert func(R) (T, error)) func(map[string][]byte) (map[string]T, error) {
	return func(records map[string][]byte) (map[string]T, error) {
		set := make(map[string]T, len(records))
		return set, mirror.Decode(records, func(id string, r R) error {
			value, err := convert(r)
			if err == nil {
				set[id] = value
			}
			return err
		})
	}
}
