// Package directory holds the static data that line checks use, as the mainframe last confirmed it.
package directory

import (
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"fxcore/lambda/mirror"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/market/feed"
)

// revalued is the longest time for which a snapshot is kept while no set changes. A new snapshot values collateral
// again, with older prices.
const revalued = time.Minute

// Ages holds the largest age of data for decisions.
type Ages struct {
	Rates  time.Duration
	Static time.Duration // all other sets
}

// Static keeps a copy of the sets from Redis. While Redis or the mainframe is unavailable, the copy stays usable until
// it is too old. Static is safe for concurrent use.
type Static struct {
	mirror.Sets // with Run, Ready and Fresh

	clients  *mirror.Mirror[clients]
	lines    *mirror.Mirror[map[line.Node]Limit]
	holdings *mirror.Mirror[map[string][]line.Holding]
	risk     *mirror.Mirror[risk]
	market   *feed.Static
	ages     Ages
	clock    func() time.Time

	mu      sync.Mutex
	current *Snapshot
}

// Open returns a Static that holds no data. Run loads it.
func Open(rdb redis.Cmdable, ages Ages) *Static {
	s := &Static{
		clients:  mirror.New(rdb, "clients", decodeClients),
		lines:    mirror.New(rdb, "lines", decodeLines),
		holdings: mirror.New(rdb, "holdings", decodeHoldings),
		risk:     mirror.New(rdb, "risk", decodeRisk),
		market:   feed.Open(rdb, ages.Static),
		ages:     ages,
		clock:    time.Now,
	}
	s.Sets = mirror.Sets{s.clients, s.lines, s.holdings, s.risk, s.market}
	return s
}

// By sets the clock that tells how old data is. Call it before Run.
func (s *Static) By(clock func() time.Time) *Static {
	s.clock = clock
	return s
}

// Snapshot returns the current static data. It returns a [*line.MissingError] if a set has not been loaded or is too
// old, and beside it what there is: that may measure a trade which is done. Calls share one snapshot until a set changes, for at
// most a minute.
func (s *Static) Snapshot() (*Snapshot, error) {
	now := s.clock()
	fresh, err := s.read(now)
	if err != nil {
		return nil, err
	}
	if err := fresh.usable(now, s.ages); err != nil {
		return fresh, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == nil || s.current.AsOf != fresh.AsOf || s.current.Market != fresh.Market || now.Sub(s.current.valuedAt) > revalued {
		s.current = fresh
	}
	return s.current, nil
}

// read makes a snapshot from the data that the mirrors hold. It copies only references.
func (s *Static) read(now time.Time) (*Snapshot, error) {
	m, err := s.market.Market()
	if err != nil {
		return nil, err
	}
	f := &Snapshot{valuedAt: now, Market: m}
	clients, clientsOf := current(s.clients)
	f.Clients, f.Members, f.AsOf.Clients = clients.byID, clients.byGroup, clientsOf
	f.Limits, f.AsOf.Lines = current(s.lines)
	f.Holdings, f.AsOf.Holdings = current(s.holdings)
	risk, riskOf := current(s.risk)
	f.AddOns, f.Haircuts, f.AsOf.Risk = risk.addOns, risk.haircuts, riskOf
	return f, nil
}

func current[T any](m *mirror.Mirror[T]) (T, Version) {
	records, meta, _ := m.Current()
	return records, Version{Number: meta.Version, Time: meta.AsOf}
}
