package desk

import (
	"fmt"
	"slices"
	"time"

	"fxcore/gateways/mainframe/simulator/demo"
)

// Shares in per cent.
const (
	quoteShare     = 60 // of the spot orders in pairs that the bank quotes
	spotCheckShare = 30 // of the reservations of a desk that deals on quotes
)

// quoteAge is how old a quote is at least when a desk deals on it: the core knows it by then, and it stands for another minute.
const quoteAge = 30 * time.Second

// quotes are the bank's quotes that one minute lists.
type quotes struct {
	since time.Time
	list  []demo.Quote
}

// checkedFor returns for when a line is reserved.
func (d *Desk) checkedFor() string {
	if d.checks.Quotes && d.chance(spotCheckShare) {
		return spotSettlement
	}
	return d.period().settlement
}

// onQuote has a spot order deal on one of the bank's quotes, now and then. The core may have to refuse it: others deal on the same
// quote, which is for so much and no more.
func (d *Desk) onQuote(r *Request) error {
	if !d.checks.Quotes || r.Kind != Order || r.Swap() || r.Near.Settlement != spotSettlement || !d.chance(quoteShare) {
		return nil
	}
	side := "sell"
	if r.Buy {
		side = "buy"
	}
	list, err := d.quotesAt(r.Time.Add(-quoteAge))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(q demo.Quote) bool {
		return q.Pair == r.Pair && q.Product == "spot" && q.Side == side && q.Provider == "*"
	})
	if i >= 0 {
		r.Quote, r.Near.Rate, r.Doubtful = list[i].ID, list[i].Rate.String(), true
	}
	return nil
}

// quotesAt returns the quotes that are listed at an instant, the newest first.
func (d *Desk) quotesAt(at time.Time) ([]demo.Quote, error) {
	since := demo.QuotesSince(at)
	if d.quotes.since.Equal(since) {
		return d.quotes.list, nil
	}
	list, err := d.market.Quotes(at)
	if err != nil {
		return nil, fmt.Errorf("quotes at %s: %w", at, err)
	}
	d.quotes = quotes{since, list}
	return list, nil
}
