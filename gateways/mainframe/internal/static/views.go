package static

import (
	"time"

	"github.com/shopspring/decimal"
)

// The records as services read them in Redis. Amounts and rates are decimal strings.

type client struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Group   string `json:"group"`
	Status  string `json:"status"` // active or blocked
	Desk    string `json:"desk"`
	Country string `json:"country"`
	Netting string `json:"netting"` // pair, "" for none
}

type group struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type line struct {
	Node            string          `json:"node"` // client/…, group/… or desk/…
	Currency        string          `json:"currency"`
	Limit           decimal.Decimal `json:"limit"`
	SettlementLimit string          `json:"settlement_limit"` // "" for none
	Clip            string          `json:"clip"`             // of a single deal, "" for none
	MaxTenor        string          `json:"max_tenor"`        // from spot, "" for none
	FormerMaxTenor  int             `json:"max_tenor_days"`   // see former.go
}

type portfolio struct {
	Client   string    `json:"client"`
	Holdings []holding `json:"holdings"`
}

type holding struct {
	Kind          string          `json:"kind"` // cash, bond or stock
	ID            string          `json:"id"`
	Currency      string          `json:"currency"`
	Quantity      decimal.Decimal `json:"quantity"`
	Price         decimal.Decimal `json:"price"`
	Issuer        string          `json:"issuer"` // sovereign, bank or corporate
	Rating        string          `json:"rating"`
	ResidualYears decimal.Decimal `json:"residual_years"`
	PricedAt      time.Time       `json:"priced_at"`
	Index         bool            `json:"index"`
}

type account struct {
	Account  string          `json:"account"`
	Client   string          `json:"client"`
	Currency string          `json:"currency"`
	Balance  decimal.Decimal `json:"balance"`
	Bad      bool            `json:"bad,omitempty"` // no account, but the mark of a client one of whose rows cannot be read
}

type provider struct {
	Provider     string          `json:"provider"`
	Status       string          `json:"status"`
	Clients      []string        `json:"clients"`  // "*" for all
	Products     []string        `json:"products"` // spot, forward, swap
	Pairs        []string        `json:"pairs"`    // "*" for all
	MaxAmountUSD decimal.Decimal `json:"max_amount_usd"`
}

type user struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Role string `json:"role"`
	Desk string `json:"desk"`
}

type desk struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Products []string `json:"products"`
	Traders  []string `json:"traders"` // users
}

type calendar struct {
	Currency string            `json:"currency"`
	Weekends []weekend         `json:"weekends"` // oldest first
	Holidays map[string]string `json:"holidays"` // YYYY-MM-DD to the day's name
}

type weekend struct {
	From string   `json:"from"` // YYYY-MM-DD
	Days []string `json:"days"` // Mon, Tue, …
}

type currency struct {
	Currency    string          `json:"currency"`
	MinorUnits  int             `json:"minor_units"`
	DepositRate decimal.Decimal `json:"deposit_rate"` // a fraction a year
	CutOffs     []cutOff        `json:"cut_offs"`
}

type cutOff struct {
	From       string `json:"from"`        // YYYY-MM-DD: of value dates from then on
	DaysBefore int    `json:"days_before"` // business days before the value date
	At         string `json:"at"`          // HH:MM
	Zone       string `json:"zone"`        // of the tz database
}

type pair struct {
	Pair         string              `json:"pair"`
	SpotLag      int                 `json:"spot_lag"` // business days
	RateDecimals int                 `json:"rate_decimals"`
	PointsFactor int                 `json:"points_factor"`
	HalfSpread   decimal.Decimal     `json:"half_spread"` // a fraction of the rate
	Band         int                 `json:"band"`        // half spreads that a price may lie off the reference rate
	MaxRateAge   int                 `json:"max_rate_age_seconds"`
	Volatility   decimal.Decimal     `json:"volatility"`             // a fraction a year
	BrokenDates  bool                `json:"broken_dates"`           // dates on which only one of the currencies settles, or not the dollar
	Rolls        []roll              `json:"rolls"`                  // of the trade date; none: 17:00 in New York
	PointsSpread decimal.Decimal     `json:"points_spread,omitzero"` // half spread of the points of one year, a fraction of the rate; absent: as half_spread
	ClientBand   decimal.NullDecimal `json:"client_band,omitzero"`   // half spreads, where the client gains by the price; absent: as band
	Former       decimal.Decimal     `json:"tolerance"`              // see former.go
}

type roll struct {
	From string `json:"from"` // YYYY-MM-DD
	At   string `json:"at"`   // HH:MM
	Zone string `json:"zone"` // of the tz database
}

type quote struct {
	Quote      string          `json:"quote"`
	Pair       string          `json:"pair"`
	Product    string          `json:"product"` // spot, forward or swap
	Side       string          `json:"side"`    // buy or sell of the currency, seen from the client
	Currency   string          `json:"currency"`
	Amount     decimal.Decimal `json:"amount"` // the largest
	Rate       decimal.Decimal `json:"rate"`   // all-in; near rate of a swap
	Points     decimal.Decimal `json:"points"` // of a swap, in pips
	Tenor      string          `json:"tenor"`
	Client     string          `json:"client"`   // "" for anyone
	Provider   string          `json:"provider"` // "*" for all, "" for nobody
	Published  time.Time       `json:"published_at,omitzero"`
	ValidUntil time.Time       `json:"valid_until"`
}

type rate struct {
	Currency string          `json:"currency"`
	Mid      decimal.Decimal `json:"mid"`   // units for one euro
	AsOf     time.Time       `json:"as_of"` // of the mainframe's tick
}

type curve struct {
	Pair   string                     `json:"pair"`
	Points map[string]decimal.Decimal `json:"points"` // pips from spot, by tenor
	AsOf   time.Time                  `json:"as_of"`
}

type addOn struct {
	Factor decimal.Decimal `json:"factor"`   // of the notional
	Former int             `json:"max_days"` // see former.go
}

type haircut struct {
	Haircut decimal.Decimal `json:"haircut"` // a fraction of the value
}
