// Package directory holds the static data that lines are checked on, as the mainframe last vouched for it.
package directory

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/shopspring/decimal"

	"fxcore/lambda/mirror"
	"fxcore/services/linecheck/internal/line"
)

// revalued bounds how long a snapshot is kept while no set changes, so that prices age in it.
const revalued = time.Minute

// Ages bounds how old data may be and still decide.
type Ages struct {
	Rates  time.Duration
	Static time.Duration // everything else
}

// Static follows the sets in Redis. While Redis or the mainframe is away it keeps what it has.
type Static struct {
	clients    *mirror.Mirror[map[string]Client]
	lines      *mirror.Mirror[map[line.Node]line.Limit]
	holdings   *mirror.Mirror[map[string][]line.Holding]
	risk       *mirror.Mirror[risk]
	rates      *mirror.Mirror[map[string]decimal.Decimal]
	pairs      *mirror.Mirror[pairSet]
	currencies *mirror.Mirror[map[string]decimal.Decimal]
	ages       Ages
	clock      func() time.Time

	mu      sync.Mutex
	current *Snapshot
}

// Open prepares the sets; Run fills them.
func Open(rdb redis.Cmdable, ages Ages) *Static {
	return &Static{
		clients:    mirror.New(rdb, "clients", decodeClients),
		lines:      mirror.New(rdb, "lines", decodeLines),
		holdings:   mirror.New(rdb, "holdings", decodeHoldings),
		risk:       mirror.New(rdb, "risk", decodeRisk),
		rates:      mirror.New(rdb, "rates", decodeRates),
		pairs:      mirror.New(rdb, "pairs", decodePairs),
		currencies: mirror.New(rdb, "currencies", decodeDeposits),
		ages:       ages,
		clock:      time.Now,
	}
}

// set is what all mirrors have in common.
type set interface {
	Run(ctx context.Context) error
	Ready(ctx context.Context) error
	Fresh(ctx context.Context) error
}

func (s *Static) sets() []set {
	return []set{s.clients, s.lines, s.holdings, s.risk, s.rates, s.pairs, s.currencies}
}

// Run follows the sets until ctx ends.
func (s *Static) Run(ctx context.Context) error {
	var following sync.WaitGroup
	sets := s.sets()
	faults := make([]error, len(sets))
	for i, one := range sets {
		following.Go(func() { faults[i] = one.Run(ctx) })
	}
	following.Wait()
	return errors.Join(faults...)
}

// Ready is a health check: nil once every set was loaded.
func (s *Static) Ready(ctx context.Context) error {
	var faults []error
	for _, one := range s.sets() {
		faults = append(faults, one.Ready(ctx))
	}
	return errors.Join(faults...)
}

// Fresh is a health check: nil while the sets can be followed.
func (s *Static) Fresh(ctx context.Context) error {
	var faults []error
	for _, one := range s.sets() {
		faults = append(faults, one.Fresh(ctx))
	}
	return errors.Join(faults...)
}

// Snapshot is the static data as it is now, the same value for as long as no set changes. It fails with a
// [*line.MissingError] while a set is missing or too old to decide on.
func (s *Static) Snapshot() (*Snapshot, error) {
	now := s.clock()
	fresh := s.read(now)
	if err := fresh.usable(now, s.ages); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == nil || s.current.AsOf != fresh.AsOf || now.Sub(s.current.valuedAt) > revalued {
		s.current = fresh
	}
	return s.current, nil
}

// read gathers what the mirrors hold; it copies nothing but references.
func (s *Static) read(now time.Time) *Snapshot {
	f := &Snapshot{valuedAt: now}
	f.Clients, f.AsOf.Clients = current(s.clients)
	f.Limits, f.AsOf.Lines = current(s.lines)
	f.Holdings, f.AsOf.Holdings = current(s.holdings)
	f.Market.Mids, f.AsOf.Rates = current(s.rates)
	f.Market.Deposits, f.AsOf.Currencies = current(s.currencies)
	pairs, pairsOf := current(s.pairs)
	f.Pairs, f.Market.Volatility, f.AsOf.Pairs = pairs.byName, pairs.volatility, pairsOf
	risk, riskOf := current(s.risk)
	f.Market.AddOns, f.Haircuts, f.AsOf.Risk = risk.addOns, risk.haircuts, riskOf
	return f
}

func current[T any](m *mirror.Mirror[T]) (T, Version) {
	records, meta, _ := m.Current()
	return records, Version{Number: meta.Version, Time: meta.AsOf}
}
