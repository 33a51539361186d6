package demo

import (
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

const (
	quoteEvery   = time.Minute
	quoteValid   = 3 * time.Minute  // from when it is published
	quoteKept    = 10 * time.Minute // an expired quote is listed for so long, so that one can say that it has expired
	quoteAmount  = 10_000_000
	quotedTenors = 2

	quotedProvider = "ALPHA" // the provider that gets quotes of its own
)

// quotedPairs are the pairs for which the bank publishes standing quotes.
var quotedPairs = [...]string{"EUR/USD", "USD/JPY", "GBP/USD"}

// Quote is a price of the bank's that any client may deal on until it expires.
type Quote struct {
	ID         string // "EURUSD-BUY-SPOT-20261124T1015"
	Pair       string
	Product    string
	Side       string          // buy or sell of the base currency, seen from the client
	Amount     decimal.Decimal // of the base currency, the largest
	Rate       decimal.Decimal // all-in; near rate of a swap
	Points     decimal.Decimal // of a swap, in pips
	Tenor      string
	Provider   string // the only one that may deal on it; * for all
	Published  time.Time
	ValidUntil time.Time
}

// QuotesSince is the instant since which the quotes at an instant are listed.
func QuotesSince(at time.Time) time.Time { return at.UTC().Truncate(quoteEvery) }

// Quotes returns the quotes that the bank lists at an instant: for each pair, both sides, spot, and the swap from spot to one
// month. One provider has quotes of its own beside them: both sides of EUR/USD, spot. Those of a minute have the ids and prices of that minute in every process.
func (m *Market) Quotes(at time.Time) ([]Quote, error) {
	var all []Quote
	for since := QuotesSince(at); at.Sub(since) < quoteKept; since = since.Add(-quoteEvery) {
		for _, pair := range quotedPairs {
			quotes, err := m.quotesOf(pair, since)
			if err != nil {
				return nil, err
			}
			all = append(all, quotes...)
		}
		own, err := m.quotesFor(quotedProvider, quotedPairs[0], since)
		if err != nil {
			return nil, err
		}
		all = append(all, own...)
	}
	return all, nil
}

func (m *Market) quotesOf(pair string, since time.Time) ([]Quote, error) {
	bid, offer, err := m.Quote(pair, since)
	if err != nil {
		return nil, err
	}
	points, err := m.Points(pair, since, "1M")
	if err != nil {
		return nil, err
	}
	quotes := make([]Quote, 0, 2*quotedTenors)
	for _, of := range []struct {
		side string
		rate decimal.Decimal
	}{{"buy", offer}, {"sell", bid}} {
		quotes = append(quotes,
			quote(pair, "spot", of.side, "SPOT", of.rate, decimal.Zero, since),
			quote(pair, "swap", of.side, "1M", of.rate, points.Round(1), since))
	}
	return quotes, nil
}

// quotesFor returns the spot quotes that are published to one provider: at the prices of all.
func (m *Market) quotesFor(provider, pair string, since time.Time) ([]Quote, error) {
	bid, offer, err := m.Quote(pair, since)
	if err != nil {
		return nil, err
	}
	quotes := []Quote{
		quote(pair, "spot", "buy", "SPOT", offer, decimal.Zero, since), quote(pair, "spot", "sell", "SPOT", bid, decimal.Zero, since),
	}
	for i := range quotes {
		quotes[i].ID, quotes[i].Provider = provider+"-"+quotes[i].ID, provider
	}
	return quotes, nil
}

func quote(pair, product, side, tenor string, rate, points decimal.Decimal, since time.Time) Quote {
	return Quote{
		ID:   fmt.Sprintf("%s-%s-%s-%s", strings.ReplaceAll(pair, "/", ""), strings.ToUpper(side), tenor, since.Format("20060102T1504")),
		Pair: pair, Product: product, Side: side, Amount: decimal.NewFromInt(quoteAmount), Rate: rate, Points: points, Tenor: tenor,
		Provider: "*", Published: since, ValidUntil: since.Add(quoteValid),
	}
}
