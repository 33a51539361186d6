package mix

import (
	"fmt"
	"sync"
	"time"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/scripts/internal/reference"
	"fxcore/services/contract/fxdate"
)

// maturity is a SettlType (63), and about how many days after spot that is.
type maturity struct {
	settlType string
	days      int
}

// The maturities that are traded by their names. See Prices.dated for the one that is given as a date.
var (
	spot   = maturity{"0", 0}
	weeks  = maturity{"W1", 7}
	months = []maturity{{"M1", 30}, {"M3", 91}, {"M6", 182}}
)

// pairs are the most traded pairs, about in the order of their turnover (BIS Triennial Survey, 2022).
var pairs = []string{
	"EUR/USD", "USD/JPY", "GBP/USD", "USD/CHF", "AUD/USD", "USD/CAD", "EUR/GBP", "EUR/JPY", "EUR/CHF", "NZD/USD", "EUR/SEK", "USD/SEK",
}

// Prices caches the market's rates as texts, for each tick of the market. It is safe for concurrent use.
type Prices struct {
	market *demo.Market
	bank   *reference.Bank

	mu    sync.Mutex
	tick  time.Time
	rates map[string]map[int]string // pair -> days after spot -> rate
	dates map[dated]string          // of the tick
}

// dated is a pair and a value date.
type dated struct {
	pair  string
	value fxdate.Date
}

// NewPrices reads the demo's market. The core's reference rates come from it, too, so the core accepts the prices.
func NewPrices() (*Prices, error) {
	market, err := demo.NewMarket(demo.Seed)
	if err != nil {
		return nil, fmt.Errorf("prices: %w", err)
	}
	bank, err := reference.New()
	if err != nil {
		return nil, fmt.Errorf("prices: %w", err)
	}
	return &Prices{market: market, bank: bank, dates: map[dated]string{}}, nil
}

// at returns the rates at a moment. The returned map never changes.
func (p *Prices) at(now time.Time) map[string]map[int]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if tick := demo.Tick(now); !tick.Equal(p.tick) {
		p.tick, p.rates, p.dates = tick, p.all(tick), map[dated]string{}
	}
	return p.rates
}

// dated returns the rate of a pair for a value date, a banking day, at a moment. The core interpolates its curve, and so does this.
func (p *Prices) dated(pair string, now, value time.Time) string {
	p.at(now)
	p.mu.Lock()
	defer p.mu.Unlock()
	key := dated{pair, fxdate.DateOf(value)}
	if _, known := p.dates[key]; !known {
		rate, err := p.bank.Rate(pair, p.tick, key.value)
		if err != nil {
			panic(err) // the demo does not have a pair of our list: a fault of this program
		}
		p.dates[key] = rate.String()
	}
	return p.dates[key]
}

func (p *Prices) all(tick time.Time) map[string]map[int]string {
	rates := make(map[string]map[int]string, len(pairs))
	for _, pair := range pairs {
		rates[pair] = map[int]string{}
		for _, m := range append([]maturity{spot, weeks}, months...) {
			rate, err := p.market.Outright(pair, tick, m.days)
			if err != nil {
				panic(err) // the demo does not have a pair of our list: a fault of this program
			}
			rates[pair][m.days] = rate.String()
		}
	}
	return rates
}
