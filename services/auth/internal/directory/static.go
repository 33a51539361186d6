// Package directory holds the static data that auth decides on, as the mainframe last confirmed it.
package directory

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/shopspring/decimal"

	"fxcore/lambda/mirror"
	"fxcore/services/auth/internal/authorization"
)

// Static keeps a copy of the static data from Redis. While Redis or the mainframe is unavailable, the copy stays usable
// until it is older than maxAge. Static is safe for concurrent use.
type Static struct {
	providers *mirror.Mirror[map[string]authorization.Provider]
	clients   *mirror.Mirror[map[string]authorization.Client]
	accounts  *mirror.Mirror[map[string]authorization.Account]
	rates     *mirror.Mirror[map[string]decimal.Decimal]
	maxAge    time.Duration
}

// Open returns a Static that holds no data. Run loads it. A set that is older than maxAge is not usable for decisions.
func Open(rdb redis.Cmdable, maxAge time.Duration) *Static {
	return &Static{
		providers: mirror.New(rdb, "providers", decode(providerRecord.provider)),
		clients:   mirror.New(rdb, "clients", decode(clientRecord.client)),
		accounts:  mirror.New(rdb, "accounts", decode(accountRecord.account)),
		rates:     mirror.New(rdb, "rates", decode(rateRecord.rate)),
		maxAge:    maxAge,
	}
}

// Run loads the sets and keeps them up to date until ctx ends.
func (s *Static) Run(ctx context.Context) error {
	var all sync.WaitGroup
	loops := [...]func(context.Context) error{s.providers.Run, s.clients.Run, s.accounts.Run, s.rates.Run}
	var ends [len(loops)]error
	for i, loop := range loops {
		all.Go(func() { ends[i] = loop(ctx) })
	}
	all.Wait()
	return errors.Join(ends[:]...)
}

// Ready is a health check. It returns nil once every set has been loaded.
func (s *Static) Ready(ctx context.Context) error {
	return errors.Join(s.providers.Ready(ctx), s.clients.Ready(ctx), s.accounts.Ready(ctx), s.rates.Ready(ctx))
}

// Fresh is a health check. It returns an error if the last attempt to load a set failed, even if older data is held.
func (s *Static) Fresh(ctx context.Context) error {
	return errors.Join(s.providers.Fresh(ctx), s.clients.Fresh(ctx), s.accounts.Fresh(ctx), s.rates.Fresh(ctx))
}

// Directory returns the current static data as an immutable snapshot.
func (s *Static) Directory() authorization.Directory {
	return authorization.Directory{
		Providers: current(s.providers, s.maxAge),
		Clients:   current(s.clients, s.maxAge),
		Accounts:  current(s.accounts, s.maxAge),
		Rates:     current(s.rates, s.maxAge),
	}
}

func current[T any](m *mirror.Mirror[map[string]T], maxAge time.Duration) authorization.Set[T] {
	records, meta, loaded := m.Current()
	if !loaded {
		return authorization.Set[T]{}
	}
	return authorization.Set[T]{Records: records, AsOf: meta.AsOf, Until: meta.AsOf.Add(maxAge)}
}
