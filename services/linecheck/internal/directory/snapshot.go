package directory

import (
	"fmt"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/linecheck/internal/line"
)

// Client is where a client stands in the hierarchy.
type Client struct {
	Group, Desk string
}

// Pair is a pair that the bank deals.
type Pair struct {
	Base, Quote string
	SpotLag     int // weekdays from trade date to spot
}

// Version says which version of a set is held, and when it was true at its origin.
type Version struct {
	Number int64
	Time   time.Time
}

// Versions are those of all sets in a snapshot: what a decision was based on.
type Versions struct {
	Clients, Lines, Holdings, Risk, Rates, Pairs, Currencies Version
}

// Snapshot is the static data at one moment. It never changes; collateral is valued when it is first asked for and kept.
type Snapshot struct {
	Clients  map[string]Client
	Limits   map[line.Node]line.Limit
	Holdings map[string][]line.Holding // by client
	Pairs    map[string]Pair           // "EUR/USD"
	Market   line.Market
	Haircuts line.Haircuts
	AsOf     Versions

	valuedAt time.Time // the age of prices is counted to here

	mu         sync.Mutex
	collateral map[string]decimal.Decimal // by client
}

// Lines returns the lines of a path, with the client's collateral, in the order of its nodes. It fails with a
// [*line.MissingError] if a node has no line: nobody deals on a line that nobody has set.
func (s *Snapshot) Lines(p line.Path) ([]line.Line, error) {
	nodes := p.Nodes()
	lines := make([]line.Line, len(nodes))
	for i, n := range nodes {
		limit, ok := s.Limits[n]
		if !ok {
			return nil, &line.MissingError{What: fmt.Sprintf("line of %s: ask credit risk to set one", n)}
		}
		lines[i] = line.Line{Node: n, Limit: limit}
		if n.Level == line.Client {
			lines[i].Collateral = s.CollateralOf(n.ID)
		}
	}
	return lines, nil
}

// CollateralOf values a client's collateral in the limit currency.
func (s *Snapshot) CollateralOf(client string) decimal.Decimal {
	s.mu.Lock()
	defer s.mu.Unlock()
	if value, ok := s.collateral[client]; ok {
		return value
	}
	if s.collateral == nil {
		s.collateral = map[string]decimal.Decimal{}
	}
	owner := line.Owner{Client: client, Group: s.Clients[client].Group}
	value := line.CollateralValue(owner, s.Holdings[client], s.Haircuts, s.Market, s.valuedAt)
	s.collateral[client] = value
	return value
}

// Pair finds a pair by its currencies in either order.
func (s *Snapshot) Pair(one, other string) (Pair, bool) {
	if p, ok := s.Pairs[one+"/"+other]; ok {
		return p, true
	}
	p, ok := s.Pairs[other+"/"+one]
	return p, ok
}

// usable tells why the snapshot can not be decided on at now.
func (s *Snapshot) usable(now time.Time, ages Ages) error {
	for _, held := range []struct {
		set     string
		version Version
		maxAge  time.Duration
	}{
		{"clients", s.AsOf.Clients, ages.Static},
		{"lines", s.AsOf.Lines, ages.Static},
		{"holdings", s.AsOf.Holdings, ages.Static},
		{"risk", s.AsOf.Risk, ages.Static},
		{"pairs", s.AsOf.Pairs, ages.Static},
		{"currencies", s.AsOf.Currencies, ages.Static},
		{"rates", s.AsOf.Rates, ages.Rates},
	} {
		if held.version.Number == 0 {
			return &line.MissingError{What: held.set + " loaded yet: try again in a minute"}
		}
		if age := now.Sub(held.version.Time); age > held.maxAge {
			return &line.MissingError{What: fmt.Sprintf("%s recent enough to decide on: they are of %s, at most %s is allowed",
				held.set, held.version.Time.UTC().Format(time.RFC3339), held.maxAge)}
		}
	}
	return nil
}
