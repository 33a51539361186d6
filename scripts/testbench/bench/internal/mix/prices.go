package mix

import (
	"fmt"
	"sync"
	"time"

	"fxcore/gateways/mainframe/simulator/demo"
)

// maturity is a SettlType (63), and about how many days after spot that is.
type maturity struct {
	settlType string
	days      int
}

// The maturities that are traded. The last one is given as a date.
var (
	spot   = maturity{"0", 0}
	weeks  = maturity{"W1", 7}
	months = []maturity{{"M1", 30}, {"M3", 91}, {"M6", 182}}
	dated  = maturity{"", 40}
)

// pairs are the most traded pairs, about in the order of their turnover (BIS Triennial Survey, 2022).
var pairs = []string{
	"EUR/USD", "USD/JPY", "GBP/USD", "USD/CHF", "AUD/USD", "USD/CAD", "EUR/GBP", "EUR/JPY", "EUR/CHF", "NZD/USD", "EUR/SEK", "USD/SEK",
}

// Prices caches the market's rates as texts, for each tick of the market. It is safe for concurrent use.
type Prices struct {
	market *demo.Market

	mu    sync.Mutex
	tick  time.Time
	rates map[string]map[int]string // pair -> days after spot -> rate
}

// NewPrices reads the demo's market. The core's reference rates come from it, too, so the core accepts the prices.
func NewPrices() (*Prices, error) {
	market, err := demo.NewMarket(demo.Seed)
	if err != nil {
		return nil, fmt.Errorf("prices: %w", err)
	}
	return &Prices{market: market}, nil
}

// at returns the rates at a moment. The returned map never changes.
func (p *Prices) at(now time.Time) map[string]map[int]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if tick := demo.Tick(now); !tick.Equal(p.tick) {
		p.tick, p.rates = tick, p.all(tick)
	}
	return p.rates
}

func (p *Prices) all(tick time.Time) map[string]map[int]string {
	rates := make(map[string]map[int]string, len(pairs))
	for _, pair := range pairs {
		rates[pair] = map[int]string{}
		for _, m := range append([]maturity{spot, weeks, dated}, months...) {
			rate, err := p.market.Outright(pair, tick, m.days)
			if err != nil {
				panic(err) // the demo does not have a pair of our list: a fault of this program
			}
			rates[pair][m.days] = rate.String()
		}
	}
	return rates
}
