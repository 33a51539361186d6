package trade

import "github.com/shopspring/decimal"

// FlagName says what is remarkable about a registered trade.
type FlagName string

// The flags of trading. All but BrokenDate are of reported trades only. A report also has the flags that auth and linecheck give it
// (client_blocked, size_exceeded, over_line, not_measured …), under their names.
const (
	OffMarket      FlagName = "off_market"       // a rate is far from the reference rate of its time
	NotJudged      FlagName = "not_judged"       // no reference rate of the trade's time is known
	OldData        FlagName = "old_data"         // the pairs and calendars on which it was decided are too old for a request
	NotValued      FlagName = "not_valued"       // no rate is known by which the trade is an amount of dollars
	BrokenDate     FlagName = "broken_date"      // a leg settles on a day on which one of the currencies, or the dollar, does not, by agreement
	ClosedDate     FlagName = "closed_date"      // a leg settles on a day on which the pair cannot settle
	BeyondMaxTenor FlagName = "beyond_max_tenor" // a leg settles later than the bank allows
	Uneven         FlagName = "uneven"           // the legs of a swap have different dealt amounts
	Contradiction  FlagName = "contradiction"    // spot rate, points and rate of a swap's leg do not fit each other
	RoundedAmount  FlagName = "rounded_amount"   // the other amount is rounded more than its currency is
)

// Flag is a note for a person about a trade that is done. It changes nothing about the trade.
type Flag struct {
	Name      FlagName
	Leg       int             // 1 near, 2 far; 0 the whole trade
	Deviation decimal.Decimal // of OffMarket: a fraction of the reference rate, without sign
	Text      string
}
