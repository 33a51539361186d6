// Package directory holds the static data that auth decides on, as the mainframe last vouched for it.
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

// Static follows the sets in Redis. While Redis or the mainframe is away it keeps what it has, up to maxAge.
type Static struct {
	providers *mirror.Mirror[map[string]authorization.Provider]
	clients   *mirror.Mirror[map[string]authorization.Client]
	accounts  *mirror.Mirror[map[string]authorization.Account]
	rates     *mirror.Mirror[map[string]decimal.Decimal]
	maxAge    time.Duration
}

// Open prepares the sets; Run fills them. maxAge is how old a set may be and still decide.
func Open(rdb redis.Cmdable, maxAge time.Duration) *Static {
	return &Static{
		providers: mirror.New(rdb, "providers", decode(providerRecord.provider)),
		clients:   mirror.New(rdb, "clients", decode(clientRecord.client)),
		accounts:  mirror.New(rdb, "accounts", decode(accountRecord.account)),
		rates:     mirror.New(rdb, "rates", decode(rateRecord.rate)),
		maxAge:    maxAge,
	}
}

// Run follows the sets until ctx ends.
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

// Ready is a health check: nil once every set was loaded.
func (s *Static) Ready(ctx context.Context) error {
	return errors.Join(s.providers.Ready(ctx), s.clients.Ready(ctx), s.accounts.Ready(ctx), s.rates.Ready(ctx))
}

// Fresh is a health check: nil while the sets can be followed.
func (s *Static) Fresh(ctx context.Context) error {
	return errors.Join(s.providers.Fresh(ctx), s.clients.Fresh(ctx), s.accounts.Fresh(ctx), s.rates.Fresh(ctx))
}

// Directory is the static data as it is now. It does not change any more.
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
