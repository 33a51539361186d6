package directory

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/linecheck/internal/line"
	"fxcore/services/market"
)

// Client names the group and the desk of a client, and says whether its deals are netted.
type Client struct {
	Group, Desk string
	Netted      bool
}

// Limit is a limit in its own currency.
type Limit struct {
	line.Limit
	Currency string
}

// Version is the version of a set, and the time at which its data was true at its origin.
type Version struct {
	Number int64
	Time   time.Time
}

// Versions holds the version of each set in a snapshot. It records what a decision was based on.
type Versions struct {
	Clients, Lines, Holdings, Risk Version
}

// Snapshot is the static data at one moment. It never changes, and is safe for concurrent use. It computes the value of
// a client's collateral at the first call, and keeps it.
type Snapshot struct {
	Clients  map[string]Client
	Members  map[string][]string // clients by group
	Limits   map[line.Node]Limit
	Holdings map[string][]line.Holding // by client
	Market   *market.Market
	AddOns   line.AddOns
	Haircuts line.Haircuts
	AsOf     Versions

	valuedAt time.Time // prices of collateral are as old as they are at this time

	mu         sync.Mutex
	collateral map[string]decimal.Decimal // by client
	pledged    map[string][]line.Pledge   // by group
}

// Lines returns the lines of a path, with the collateral of the client and of the group's clients, in the order of its nodes.
// Limits in other currencies are converted at the rates of the snapshot. It returns a [*line.MissingError] if a node has no
// line, and market.ErrNoData if its currency has no rate.
func (s *Snapshot) Lines(p line.Path) ([]line.Line, error) {
	nodes := p.Nodes()
	lines := make([]line.Line, len(nodes))
	for i, n := range nodes {
		limit, ok := s.Limits[n]
		if !ok {
			return nil, &line.MissingError{What: fmt.Sprintf("line of %s: ask credit risk to set one", n)}
		}
		var err error
		if lines[i], err = s.lineOf(n, limit); err != nil {
			return nil, fmt.Errorf("line of %s: %w", n, err)
		}
	}
	return lines, nil
}

func (s *Snapshot) lineOf(n line.Node, limit Limit) (line.Line, error) {
	l := line.Line{Node: n, Limit: limit.Limit}
	switch n.Level {
	case line.Client:
		l.Collateral = s.CollateralOf(n.ID)
	case line.Group:
		l.Pledged = s.pledgedIn(n.ID)
	case line.Desk, line.Dealer:
	}
	if limit.Currency == line.Currency {
		return l, nil
	}
	rate, err := s.Market.Rate(limit.Currency, line.Currency)
	l.Stated = line.Stated{Amount: limit.Amount, Currency: limit.Currency}
	l.Limit = limit.At(rate)
	return l, err
}

// pledgedIn returns the clients of a group that have collateral, with its value.
func (s *Snapshot) pledgedIn(group string) []line.Pledge {
	s.mu.Lock()
	known, ok := s.pledged[group]
	s.mu.Unlock()
	if ok {
		return known
	}
	var pledged []line.Pledge
	for _, id := range s.Members[group] {
		if value := s.CollateralOf(id); value.IsPositive() {
			pledged = append(pledged, line.Pledge{Client: id, Value: value})
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pledged == nil {
		s.pledged = map[string][]line.Pledge{}
	}
	s.pledged[group] = pledged
	return pledged
}

// CollateralOf returns the value of a client's collateral in the limit currency.
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

// Pair finds a pair by its currencies in either order. Errors: market.ErrUnknownPair, market.ErrNoData.
func (s *Snapshot) Pair(one, other string) (*market.Pair, error) {
	pair, err := s.Market.Pair(one + "/" + other)
	if !errors.Is(err, market.ErrUnknownPair) {
		return pair, err
	}
	return s.Market.Pair(other + "/" + one)
}

// usable returns a [*line.MissingError] or market.ErrNoData if a set has not been loaded or is too old at the time now.
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
	} {
		if held.version.Number == 0 {
			return &line.MissingError{What: held.set + " loaded yet: send a new request in a minute"}
		}
		if age := now.Sub(held.version.Time); age > held.maxAge {
			return &line.MissingError{What: fmt.Sprintf("%s recent enough to decide on: the data is of %s and may be at most %s old; send a new request in a minute",
				held.set, held.version.Time.UTC().Format(time.RFC3339), held.maxAge)}
		}
	}
	if age := now.Sub(s.Market.RatesAsOf()); age > ages.Rates {
		return &line.MissingError{What: fmt.Sprintf("rates recent enough to decide on: the data is of %s and may be at most %s old; send a new request in a minute",
			s.Market.RatesAsOf().UTC().Format(time.RFC3339), ages.Rates)}
	}
	return s.Market.Usable(now)
}
