package messages

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/shopspring/decimal"
)

// Validated is the section that trade.validated adds: what the request means.
type Validated struct {
	TradeDate     string          `json:"trade_date"`
	Pair          string          `json:"pair"` // in conventional order
	SpotDate      string          `json:"spot_date"`
	Legs          []Leg           `json:"legs"`      // near leg first
	SpotRate      decimal.Decimal `json:"spot_rate"` // within the near leg's price, in conventional order
	ReferenceRate decimal.Decimal `json:"reference_rate"`
	ReferenceAsOf time.Time       `json:"reference_as_of"`
	USDAmount     decimal.Decimal `json:"usd_amount"` // of the near leg
}

// Leg is one exchange of two positive amounts, seen from the client.
type Leg struct {
	ValueDate   string          `json:"value_date"`
	Base        string          `json:"base"`
	BaseSide    string          `json:"base_side"`
	BaseAmount  decimal.Decimal `json:"base_amount"`
	Quote       string          `json:"quote"`
	QuoteAmount decimal.Decimal `json:"quote_amount"`
	Rate        decimal.Decimal `json:"rate"`
}

// Registered is the section that trade.registered adds.
type Registered struct {
	TradeID      string    `json:"trade_id"`
	Version      int       `json:"version"`
	RegisteredAt time.Time `json:"registered_at"`
}

// Rejection is the section that trade.rejected adds.
type Rejection struct {
	Code string `json:"code"`
	Text string `json:"text"`
	By   string `json:"by"`
}

// With returns data with one more section at its end. The earlier sections are passed on byte for byte, also those that
// trading knows nothing of.
func With(data json.RawMessage, section string, value any) (json.RawMessage, error) {
	object := bytes.TrimSpace(data)
	if len(object) < 2 || object[0] != '{' || object[len(object)-1] != '}' {
		return nil, fmt.Errorf("add %s: the data is not a JSON object", section)
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", section, err)
	}
	body := bytes.TrimSpace(object[1 : len(object)-1])
	longer := make([]byte, 0, len(object)+len(section)+len(encoded)+4) // a buffer of its own: data may be shared
	longer = append(longer, '{')
	if len(body) > 0 {
		longer = append(append(longer, body...), ',')
	}
	longer = append(append(append(longer, '"'), section...), '"', ':')
	return append(append(longer, encoded...), '}'), nil
}
