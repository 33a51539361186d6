package feed

import (
	"errors"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/mirror"
	"fxcore/services/contract/fxdate"
	"fxcore/services/market"
)

type quoteRecord struct {
	Pair       string          `json:"pair"`
	Product    string          `json:"product"`
	Side       string          `json:"side"`
	Currency   string          `json:"currency"`
	Amount     decimal.Decimal `json:"amount"` // the largest
	Rate       decimal.Decimal `json:"rate"`
	Points     decimal.Decimal `json:"points"`     // of a swap, in pips
	Tenor      string          `json:"tenor"`      // or
	ValueDate  string          `json:"value_date"` // YYYY-MM-DD
	Client     string          `json:"client"`
	Provider   string          `json:"provider"`     // "*" for all; absent: for nobody
	Published  time.Time       `json:"published_at"` // may be absent
	ValidUntil time.Time       `json:"valid_until"`
}

func decodeQuotes(records map[string][]byte) (map[string]market.Quote, error) {
	quotes := make(map[string]market.Quote, len(records))
	return quotes, mirror.Decode(records, func(id string, r quoteRecord) error {
		quote, err := r.quote(id)
		if err != nil {
			return err
		}
		quotes[id] = quote
		return nil
	})
}

func (r quoteRecord) quote(id string) (q market.Quote, err error) {
	switch {
	case r.Side != "buy" && r.Side != "sell":
		return q, errors.New("side is neither buy nor sell")
	case !r.Amount.IsPositive() || !r.Rate.IsPositive():
		return q, errors.New("amount and rate must be positive")
	case r.ValidUntil.IsZero():
		return q, errors.New("no valid_until")
	case (r.Tenor == "") == (r.ValueDate == ""):
		return q, errors.New("either a tenor or a value date")
	}
	q = market.Quote{
		ID: id, Pair: r.Pair, Product: r.Product, Side: r.Side, Currency: r.Currency, Amount: r.Amount, Rate: r.Rate,
		Points: r.Points, Client: r.Client, Provider: r.Provider, Published: r.Published, ValidUntil: r.ValidUntil,
	}
	if r.ValueDate != "" {
		q.ValueDate, err = fxdate.ParseDate(r.ValueDate)
		return q, err
	}
	q.Tenor, err = fxdate.ParseTenor(r.Tenor)
	return q, err
}
