// Package mix makes the requests of a load: spot, forward and swap trades and line checks, in many pairs and for many
// clients. One client, the hot one, has a fifth of them. Prices are those of the demo's market, so a core with the
// demo's static data accepts them.
package mix

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"fxcore/scripts/internal/fixwire"
)

// Kind says what a request asks for. A trade passes through more services than a line check.
type Kind int

// The kinds of a request.
const (
	Trade Kind = iota
	Check
)

// Shares in per cent. The trades that remain are spot.
const (
	forwardShare  = 25
	swapShare     = 20 // half of them as one order (D), half with legs (AB)
	hotShare      = 20 // of the requests, for the hot client
	hotClient     = "C000001"
	otherClients  = 199 // from C000002 on
	amountStep    = 1_000
	amountMaximum = 5_000
	farDays       = 42 // from today to the far date of a swap as one order, or a few more
)

// Mix makes requests. Only one goroutine may use it; several Mixes may share their Prices.
type Mix struct {
	prices     *Prices
	random     *rand.Rand
	checkShare int
	far        map[string]time.Time // pair -> a banking day as the far date, for swaps as one order
	due        bool                 // see OnlyDue
}

// New returns a mix. checkShare is the percentage of line checks. The same seed gives the same requests, except for
// prices and times.
func New(prices *Prices, seed uint64, checkShare int, today time.Time) (*Mix, error) {
	calendars, err := readClosed()
	if err != nil {
		return nil, fmt.Errorf("mix: %w", err)
	}
	m := &Mix{prices: prices, random: rand.New(rand.NewPCG(seed, 1)), checkShare: checkShare, far: map[string]time.Time{}} //nolint:gosec // reproducible
	for _, pair := range pairs {
		m.far[pair] = calendars.next(pair, today.AddDate(0, 0, farDays))
	}
	return m, nil
}

// duePairs can all be paid from midnight in Frankfurt on, on their value date, and their spot date is two days away.
var duePairs = []string{"EUR/USD", "USD/CHF", "EUR/GBP", "EUR/CHF", "EUR/SEK", "USD/SEK"}

// OnlyDue has the mix make forwards of one week only, which mature on the same date unless a holiday lies in between.
func (m *Mix) OnlyDue() { m.due = true }

// Next returns the request with the given reference (ClOrdID 11, or RiskLimitCheckRequestID 2318), and its kind.
func (m *Mix) Next(reference string, now time.Time) (Kind, *fixwire.Body) {
	d := deal{
		reference: reference,
		client:    m.client(),
		pair:      pairs[m.random.IntN(len(pairs))],
		side:      1 + m.random.IntN(2),
		amount:    strconv.Itoa(amountStep * (1 + m.random.IntN(amountMaximum))),
		time:      now,
	}
	d.rates = m.prices.at(now)[d.pair]
	if m.due {
		d.pair = duePairs[m.random.IntN(len(duePairs))]
		d.rates = m.prices.at(now)[d.pair]
		return Trade, d.forward(weeks)
	}
	if m.random.IntN(100) < m.checkShare {
		return Check, d.check(months[0])
	}
	switch dice := m.random.IntN(100); {
	case dice < forwardShare:
		return Trade, d.forward(months[m.random.IntN(len(months))])
	case dice < forwardShare+swapShare/2:
		return Trade, d.swapAsOrder(m.far[d.pair], m.prices.dated(d.pair, now, m.far[d.pair]))
	case dice < forwardShare+swapShare:
		return Trade, d.swapByLegs(weeks)
	}
	return Trade, d.spot()
}

func (m *Mix) client() string {
	if m.random.IntN(100) < hotShare {
		return hotClient
	}
	return fmt.Sprintf("C%06d", 2+m.random.IntN(otherClients))
}
