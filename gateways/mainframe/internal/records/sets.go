package records

import (
	"time"

	"github.com/shopspring/decimal"
)

// Client is a row of the set clients.
type Client struct {
	ID      string `pic:"X(12)"`
	Name    string `pic:"X(40)"`
	Group   string `pic:"X(8)"`
	Status  string `pic:"X(8)"`
	Desk    string `pic:"X(8)"`
	Country string `pic:"X(2)"`
	Netting string `pic:"X(4)"` // "pair" for an agreement to net what is exchanged in one pair on one date; empty for none
}

// Group is a row of the set groups.
type Group struct {
	ID   string `pic:"X(8)"`
	Name string `pic:"X(40)"`
}

// Line is a row of the set lines.
type Line struct {
	Node            string              `pic:"X(24)"` // "client/C000001"
	Currency        string              `pic:"X(3)"`
	Limit           decimal.Decimal     `pic:"9(16)V9(2) COMP-3"`
	SettlementLimit decimal.NullDecimal `pic:"9(16)V9(2) COMP-3"`
	Clip            decimal.NullDecimal `pic:"9(16)V9(2) COMP-3"`
	MaxTenor        string              `pic:"X(4)"` // "3M", from spot; empty for none
}

// Holding is a row of the set holdings: one of a client's.
type Holding struct {
	Client        string          `pic:"X(12)"`
	Kind          string          `pic:"X(5)"`
	ID            string          `pic:"X(12)"`
	Currency      string          `pic:"X(3)"`
	Quantity      decimal.Decimal `pic:"S9(13)V9(4) COMP-3"`
	Price         decimal.Decimal `pic:"9(9)V9(6) COMP-3"`
	Issuer        string          `pic:"X(9)"`
	Rating        string          `pic:"X(4)"`
	ResidualYears decimal.Decimal `pic:"9(3)V9(2)"`
	PricedAt      time.Time       `pic:"X(26)"`
	Index         bool            `pic:"X(1)"`
}

// Account is a row of the set accounts.
type Account struct {
	ID       string          `pic:"X(20)"`
	Client   string          `pic:"X(12)"`
	Currency string          `pic:"X(3)"`
	Balance  decimal.Decimal `pic:"S9(15)V9(3) COMP-3"`
}

// Provider is a row of the set providers; its rights follow in rows of their own.
type Provider struct {
	ID           string          `pic:"X(20)"`
	Status       string          `pic:"X(8)"`
	MaxAmountUSD decimal.Decimal `pic:"9(16)V9(2) COMP-3"`
}

// Right is a further row of the set providers: what a provider may do.
type Right struct {
	Provider string `pic:"X(20)"`
	Kind     string `pic:"X(7)"` // client, product or pair
	Value    string `pic:"X(12)"`
}

// User is a row of the set users.
type User struct {
	ID   string `pic:"X(8)"`
	Name string `pic:"X(40)"`
	Role string `pic:"X(12)"`
	Desk string `pic:"X(8)"`
}

// Desk is a row of the set desks; its members follow in rows of their own.
type Desk struct {
	ID   string `pic:"X(8)"`
	Name string `pic:"X(40)"`
}

// Member is a further row of the set desks: a product that a desk deals in, or a trader of it.
type Member struct {
	Desk  string `pic:"X(8)"`
	Kind  string `pic:"X(7)"` // product or trader
	Value string `pic:"X(12)"`
}

// Weekend is a row of the set calendars: a currency's days of rest since a date, Monday first, Y or N.
type Weekend struct {
	Currency  string    `pic:"X(3)"`
	From      time.Time `pic:"9(8)"`
	Monday    bool      `pic:"X(1)"`
	Tuesday   bool      `pic:"X(1)"`
	Wednesday bool      `pic:"X(1)"`
	Thursday  bool      `pic:"X(1)"`
	Friday    bool      `pic:"X(1)"`
	Saturday  bool      `pic:"X(1)"`
	Sunday    bool      `pic:"X(1)"`
}

// Holiday is a further row of the set calendars.
type Holiday struct {
	Currency string    `pic:"X(3)"`
	Date     time.Time `pic:"9(8)"`
	Name     string    `pic:"X(120)"`
}

// Currency is a row of the set currencies.
type Currency struct {
	Code        string          `pic:"X(3)"`
	MinorUnits  int             `pic:"9(1)"`
	DepositRate decimal.Decimal `pic:"S9(3)V9(6)"`
}

// Pair is a row of the set pairs.
type Pair struct {
	Name         string          `pic:"X(7)"`
	SpotLag      int             `pic:"9(1)"`
	RateDecimals int             `pic:"9(1)"`
	PointsFactor int             `pic:"9(6)"`
	HalfSpread   decimal.Decimal `pic:"9(1)V9(6)"` // a fraction of the rate
	Band         int             `pic:"9(4)"`      // half spreads
	MaxRateAge   int             `pic:"9(5)"`      // seconds
	Volatility   decimal.Decimal `pic:"9(1)V9(6)"`
	BrokenDates  bool            `pic:"X(1)"`

	// Half spread of the forward points of one year, a fraction of the rate. Absent: as HalfSpread.
	PointsSpread decimal.NullDecimal `pic:"9(1)V9(6)"`
	// Half spreads that a price may lie off the reference rate where the client gains by it. Absent: as Band.
	ClientBand decimal.NullDecimal `pic:"9(3)V9(1)"`
}

// Roll is a further row of the set pairs: when the pair's trade date rolls, from a date on.
type Roll struct {
	Pair string    `pic:"X(7)"`
	From time.Time `pic:"9(8)"`
	At   string    `pic:"X(5)"`  // HH:MM
	Zone string    `pic:"X(32)"` // of the tz database
}

// CutOff is a further row of the set currencies: until when the currency can settle on a value date, from a date on.
type CutOff struct {
	Currency   string    `pic:"X(3)"`
	From       time.Time `pic:"9(8)"`
	DaysBefore int       `pic:"9(1)"` // business days
	At         string    `pic:"X(5)"`
	Zone       string    `pic:"X(32)"`
}

// Quote is a row of the set quotes: a price that the bank has published.
type Quote struct {
	ID         string          `pic:"X(40)"`
	Pair       string          `pic:"X(7)"`
	Product    string          `pic:"X(7)"`
	Side       string          `pic:"X(4)"` // buy or sell, seen from the client
	Currency   string          `pic:"X(3)"`
	Amount     decimal.Decimal `pic:"9(16)V9(2) COMP-3"` // the largest
	Rate       decimal.Decimal `pic:"9(9)V9(8) COMP-3"`
	Points     decimal.Decimal `pic:"S9(9)V9(4) COMP-3"` // of a swap, in pips
	Tenor      string          `pic:"X(4)"`
	Client     string          `pic:"X(12)"` // empty: anyone
	ValidUntil time.Time       `pic:"X(26)"`
	Provider   string          `pic:"X(20)"` // to whom it was published; * for all. Absent: to nobody
	Published  time.Time       `pic:"X(26)"` // may be absent
}

// Rate is a row of the set rates: units of the currency for one euro.
type Rate struct {
	Currency string          `pic:"X(3)"`
	Mid      decimal.Decimal `pic:"9(9)V9(8) COMP-3"`
	AsOf     time.Time       `pic:"X(26)"` // of the tick
}

// Points is a row of the set points: a pair's forward points for a tenor, in pips from spot.
type Points struct {
	Pair   string          `pic:"X(7)"`
	Tenor  string          `pic:"X(4)"`
	Points decimal.Decimal `pic:"S9(9)V9(4) COMP-3"`
	AsOf   time.Time       `pic:"X(26)"`
}

// AddOn is a row of the set risk.
type AddOn struct {
	Tenor  string          `pic:"X(4)"`
	Factor decimal.Decimal `pic:"9(1)V9(6)"`
}

// Haircut is a further row of the set risk.
type Haircut struct {
	Class string          `pic:"X(20)"`
	Share decimal.Decimal `pic:"9(1)V9(6)"`
}
