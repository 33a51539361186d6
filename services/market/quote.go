package market

import (
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
)

// Quote is a price that the bank's price stream has published. A client may deal on it by its id until ValidUntil.
type Quote struct {
	ID         string
	Pair       string
	Product    string // spot, forward or swap
	Side       string // buy or sell of Currency, seen from the client; of a swap's near leg
	Currency   string // one of the pair's, that the amount is of
	Amount     decimal.Decimal
	Rate       decimal.Decimal // all-in; of a swap's near leg, which settles on spot
	Points     decimal.Decimal // of a swap: far rate less near rate, in pips
	Tenor      fxdate.Tenor    // of the only leg, or of a swap's far leg; zero if ValueDate is set
	ValueDate  fxdate.Date
	Client     string    // who may deal on it; empty: anyone
	Provider   string    // to whom it was published; [Everybody], or empty: to nobody
	Published  time.Time // zero if nobody knows it
	ValidUntil time.Time
}

// Everybody is the provider of a quote that was published to all.
const Everybody = "*"

// For reports whether a provider may deal on the quote. One that does not say to whom it was published was published to nobody:
// a quote for one provider must not become everybody's because a release lacks the field.
func (q Quote) For(provider string) bool {
	return q.Provider == Everybody || q.Provider != "" && q.Provider == provider
}

// unknownAge is how long ago a quote may have been published that does not say when: quotes stand for minutes.
const unknownAge = 10 * time.Minute

// Since returns the earliest instant at which a quote that is dealt on at an instant may have been published.
func (q Quote) Since(dealt time.Time) time.Time {
	if q.Published.IsZero() {
		return dealt.Add(-unknownAge)
	}
	return q.Published
}
