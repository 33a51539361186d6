package trade

import "github.com/shopspring/decimal"

// FlagName says what is remarkable about a registered trade.
type FlagName string

// The flags.
const (
	OffMarket  FlagName = "off_market"  // the rate of a reported trade is far from the reference rate of its time
	NotJudged  FlagName = "not_judged"  // no reference rate of the reported trade's time is known
	BrokenDate FlagName = "broken_date" // a leg settles on a day on which one of the currencies, or the dollar, does not
)

// Flag is a note for a person about a trade that is done. It changes nothing about the trade.
type Flag struct {
	Name      FlagName
	Leg       int             // 1 near, 2 far
	Deviation decimal.Decimal // of OffMarket: a fraction of the reference rate, without sign
	Text      string
}
