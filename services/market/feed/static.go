// Package feed holds the static data and the rates that trading decides on, as the mainframe and the market last
// delivered them.
package feed

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"fxcore/lambda/mirror"
	"fxcore/services/market"
	"fxcore/services/market/calendar"
	"fxcore/services/market/pricing"
)

// Static keeps a copy of the sets from Redis. While Redis or the mainframe is unavailable, the copy stays in use; the
// market refuses data that is too old. Static is safe for concurrent use.
type Static struct {
	mirror.Sets // with Run, Ready and Fresh

	currencies *mirror.Mirror[map[string]market.Currency]
	pairs      *mirror.Mirror[[]market.Terms]
	calendars  *mirror.Mirror[map[string]*calendar.Calendar]
	points     *mirror.Mirror[curves]
	rates      *mirror.Mirror[map[string]pricing.Mid]
	quotes     *mirror.Mirror[map[string]market.Quote] // nil where nobody deals on quotes
	maxAge     time.Duration
	log        *slog.Logger
	last       atomic.Pointer[snapshot]
}

// optional is a set without which a program goes on: it is ready once somebody has looked for the set.
type optional struct{ mirror.Set }

// Ready is a health check.
func (o optional) Ready(ctx context.Context) error {
	if o.Fresh(ctx) != nil {
		return nil //nolint:nilerr // somebody has looked in vain: the program goes on without the set
	}
	return o.Set.Ready(ctx)
}

// snapshot is a market and the versions of the sets that it was built from.
type snapshot struct {
	slow   [3]version // currencies, pairs and calendars
	fast   [3]version // points, rates and quotes
	market *market.Market
}

type version struct {
	number   int64
	loadedAt time.Time
}

// Open returns a Static that holds no data. Run loads it. maxAge is the largest age of currencies, pairs and calendars
// for decisions; each pair has its own largest age of rates. Points may be missing: the market then has none.
func Open(rdb redis.Cmdable, maxAge time.Duration) *Static {
	s := &Static{
		currencies: mirror.New(rdb, "currencies", decodeCurrencies),
		pairs:      mirror.New(rdb, "pairs", decodePairs),
		calendars:  mirror.New(rdb, "calendars", decodeCalendars),
		rates:      mirror.New(rdb, "rates", decodeRates),
		maxAge:     maxAge,
		log:        slog.New(slog.DiscardHandler),
	}
	s.points = mirror.New(rdb, "points", s.decodePoints)
	s.Sets = mirror.Sets{s.currencies, s.pairs, s.calendars, optional{s.points}, s.rates}
	return s
}

// WithQuotes lets the market have the quotes of the bank's price stream, too. They may be missing. Call it before Run.
func (s *Static) WithQuotes(rdb redis.Cmdable) *Static {
	s.quotes = mirror.New(rdb, "quotes", decodeQuotes)
	s.Sets = append(s.Sets, optional{s.quotes})
	return s
}

// Logging lets the feed log which forward points it leaves out. Call it before Run.
func (s *Static) Logging(log *slog.Logger) *Static {
	s.log = log
	return s
}

// decodePoints decodes the set points and logs what it leaves out, once for each version.
func (s *Static) decodePoints(records map[string][]byte) (curves, error) {
	all, err := decodeCurves(records)
	if err != nil {
		s.log.Warn("forward points are left out", "error", err)
	}
	return all, err
}

// Market returns the current market, which is immutable. It builds a new one only if a set has changed. Error:
// market.ErrNoData until every set that it needs has been loaded.
func (s *Static) Market() (*market.Market, error) {
	currencies, c, hasCurrencies := s.currencies.Current()
	pairs, p, hasPairs := s.pairs.Current()
	calendars, k, hasCalendars := s.calendars.Current()
	points, f, _ := s.points.Current()
	rates, r, hasRates := s.rates.Current()
	if !hasCurrencies || !hasPairs || !hasCalendars || !hasRates {
		return nil, fmt.Errorf("%w: not everything has been loaded since this replica started", market.ErrNoData)
	}
	quotes, q := s.currentQuotes()
	next := &snapshot{slow: [3]version{versionOf(c), versionOf(p), versionOf(k)}, fast: [3]version{versionOf(f), versionOf(r), versionOf(q)}}
	last := s.last.Load()
	if last != nil && last.slow == next.slow && last.fast == next.fast {
		return last.market, nil
	}
	all := market.Rates{Mids: rates, Curves: points.byPair, PointsAsOf: pointsAsOf(points, f), Quotes: quotes, AsOf: r.AsOf}
	switch {
	case last != nil && last.slow == next.slow && last.fast[0] == next.fast[0]: // the points are the same, too
		next.market = last.market.Next(rates, quotes, r.AsOf)
	case last != nil && last.slow == next.slow:
		next.market = market.New(last.market.Directory, all)
	default:
		next.market = market.New(market.NewDirectory(market.Static{
			Currencies: currencies, Pairs: pairs, Calendars: calendars, AsOf: oldest(c, p, k), MaxAge: s.maxAge,
			Version: k.Version,
		}), all)
	}
	s.last.Store(next)
	return next.market, nil
}

// pointsAsOf returns when the points of each pair were quoted: when the set was true, if their record does not say it.
func pointsAsOf(points curves, meta mirror.Meta) map[string]time.Time {
	all := make(map[string]time.Time, len(points.byPair))
	for pair := range points.byPair {
		asOf, said := points.asOf[pair]
		if !said {
			asOf = meta.AsOf
		}
		all[pair] = asOf
	}
	return all
}

func (s *Static) currentQuotes() (map[string]market.Quote, mirror.Meta) {
	if s.quotes == nil {
		return nil, mirror.Meta{}
	}
	quotes, meta, _ := s.quotes.Current()
	return quotes, meta
}

func versionOf(m mirror.Meta) version { return version{number: m.Version, loadedAt: m.LoadedAt.UTC()} }

func oldest(metas ...mirror.Meta) time.Time {
	asOf := metas[0].AsOf
	for _, m := range metas[1:] {
		if m.AsOf.Before(asOf) {
			asOf = m.AsOf
		}
	}
	return asOf
}
