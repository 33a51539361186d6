// Package catalogue lists the data sets of the demo bank as records, each set with its version and the time at which it is valid.
package catalogue

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/internal/records"
	"fxcore/gateways/mainframe/simulator/demo"
)

// ErrUnknownSet means that the host does not have the set.
var ErrUnknownSet = errors.New("unknown data set")

// Listing is a data set at an instant: its records with their types before them, in the host's order.
type Listing struct {
	Version int       // milliseconds since 1970 since when the set is as it is
	AsOf    time.Time // time at which the records are valid: the tick for rates and changed balances, the present for all others
	Records [][]byte
}

// Balances says what accounts hold.
type Balances interface {
	Balances() (balances map[string]decimal.Decimal, changes int) // changes is another number whenever a balance is another one
	Changes() int
}

// Days says what day it is at the bank.
type Days interface {
	Today() (businessDay time.Time, offsetSeconds int)
}

// Sources is what the sets are made of.
type Sources struct {
	Bank     demo.Bank
	Market   *demo.Market
	Balances Balances
	Days     Days
}

// Catalogue lists the sets of the demo bank. It is safe for concurrent use.
type Catalogue struct {
	layouts  *records.Layouts
	bank     demo.Bank
	market   *demo.Market
	balances Balances
	days     Days
	started  time.Time
	fixed    map[string][][]byte

	mu       sync.Mutex
	accounts counted
	clock    counted
	rates    Listing // of the last tick asked for
	holdings Listing // of the last valuation asked for
	points   Listing // of the same hour
	quotes   Listing // of the last minute asked for
}

// New returns the catalogue of a host that starts at an instant of the bank's clock.
func New(layouts *records.Layouts, from Sources, started time.Time) (*Catalogue, error) {
	c := &Catalogue{
		layouts: layouts, bank: from.Bank, market: from.Market, balances: from.Balances, days: from.Days, started: started.UTC(),
		fixed: make(map[string][][]byte),
	}
	for set, list := range c.lists() {
		w := writer{}
		list(&w)
		if w.err != nil {
			return nil, fmt.Errorf("set %s: %w", set, w.err)
		}
		c.fixed[set] = w.records
	}
	return c, nil
}

// List returns a set as it is now, by the bank's clock. Its errors are ErrUnknownSet and those of a record that cannot be written.
func (c *Catalogue) List(set string, now time.Time) (Listing, error) {
	switch set {
	case "rates":
		return c.refresh(&c.rates, demo.Tick(now), c.listRates)
	case "holdings":
		return c.hourly(&c.holdings, now, c.listHoldings)
	case "points":
		return c.hourly(&c.points, now, c.listPoints)
	case "quotes":
		return c.refresh(&c.quotes, demo.QuotesSince(now), c.listQuotes)
	case "accounts":
		return c.listAccounts(now)
	case "clock":
		return c.listClock(now)
	}
	fixed, known := c.fixed[set]
	if !known {
		return Listing{}, fmt.Errorf("%w %q", ErrUnknownSet, set)
	}
	return Listing{Version: version(c.started), AsOf: now.UTC(), Records: fixed}, nil
}

// hourly returns a set that is made on the full hour and confirmed at any time.
func (c *Catalogue) hourly(cached *Listing, now time.Time, list func(w *writer, since time.Time)) (Listing, error) {
	l, err := c.refresh(cached, demo.ValuedAt(now), list)
	l.AsOf = now.UTC()
	return l, err
}

// refresh returns the cached listing. If a new period has begun, it makes a new one first.
func (c *Catalogue) refresh(cached *Listing, period time.Time, list func(w *writer, since time.Time)) (Listing, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cached.Records != nil && !period.After(cached.AsOf) {
		return *cached, nil
	}
	w := writer{}
	list(&w, period)
	if w.err != nil {
		return Listing{}, w.err
	}
	since := period
	if c.started.After(since) {
		since = c.started // another process may have listed this period before: never the same version for other content
	}
	*cached = Listing{Version: version(since), AsOf: period, Records: w.records}
	return *cached, nil
}

func version(since time.Time) int { return int(since.UnixMilli()) }

// writer collects records. It keeps the first error.
type writer struct {
	records [][]byte
	err     error
}

// put writes one record of a type.
func put[T any](w *writer, kind records.Kind[T], record T) {
	b, err := kind.Append(nil, record)
	if err != nil && w.err == nil {
		w.err = err
	}
	w.records = append(w.records, b)
}
