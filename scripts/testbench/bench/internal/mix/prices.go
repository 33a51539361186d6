package mix

import (
	"fmt"
	"sync"
	"time"

	"fxcore/gateways/mainframe/simulator/demo"
)

// maturity is a date relative to spot: how FIX calls it (SettlType 63) and how many days after spot it is, about.
type maturity struct {
	settlType string
	days      int
}

// The maturities that are traded. The last is given as a date.
var (
	spot   = maturity{"0", 0}
	weeks  = maturity{"W1", 7}
	months = []maturity{{"M1", 30}, {"M3", 91}, {"M6", 182}}
	dated  = maturity{"", 40}
)

// pairs are those that are traded most, by turnover and about in its order (BIS Triennial Survey, 2022).
var pairs = []string{
	"EUR/USD", "USD/JPY", "GBP/USD", "USD/CHF", "AUD/USD", "USD/CAD", "EUR/GBP", "EUR/JPY", "EUR/CHF", "NZD/USD", "EUR/SEK", "USD/SEK",
}

// Prices are the market's rates as texts, made once for each of its ticks. It is safe for concurrent use.
type Prices struct {
	market *demo.Market

	mu    sync.Mutex
	tick  time.Time
	rates map[string]map[int]string // pair -> days after spot -> rate
}

// NewPrices reads the demo's market: the one that the core's reference rates come from, so that the prices are good.
func NewPrices() (*Prices, error) {
	market, err := demo.NewMarket(demo.Seed)
	if err != nil {
		return nil, fmt.Errorf("prices: %w", err)
	}
	return &Prices{market: market}, nil
}

// at returns the rates of the tick at a moment; the map is never changed.
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
				panic(err) // a pair of our own list that the demo does not deal: a fault of this program
			}
			rates[pair][m.days] = rate.String()
		}
	}
	return rates
}
