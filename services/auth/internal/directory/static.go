// Package directory holds the static data that auth decides on, as the mainframe last confirmed it.
package directory

import (
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/shopspring/decimal"

	"fxcore/lambda/mirror"
	"fxcore/services/auth/internal/authorization"
)

// Static keeps a copy of the static data from Redis. While Redis or the mainframe is unavailable, the copy stays usable
// until it is older than maxAge. Static is safe for concurrent use.
type Static struct {
	mirror.Sets // with Run, Ready and Fresh

	providers *mirror.Mirror[map[string]authorization.Provider]
	clients   *mirror.Mirror[map[string]authorization.Client]
	accounts  *mirror.Mirror[map[string]authorization.Account]
	rates     *mirror.Mirror[map[string]decimal.Decimal]
	users     *mirror.Mirror[map[string]authorization.User]
	desks     *mirror.Mirror[map[string]authorization.Desk]
	maxAge    time.Duration
}

// Open returns a Static that holds no data. Run loads it. A set that is older than maxAge is not usable for decisions.
func Open(rdb redis.Cmdable, maxAge time.Duration) *Static {
	s := &Static{
		providers: mirror.New(rdb, "providers", decode(providerRecord.provider)),
		clients:   mirror.New(rdb, "clients", decode(clientRecord.client)),
		accounts:  mirror.New(rdb, "accounts", decode(accountRecord.account)),
		rates:     mirror.New(rdb, "rates", decode(rateRecord.rate)),
		users:     mirror.New(rdb, "users", decode(userRecord.user)),
		desks:     mirror.New(rdb, "desks", decode(deskRecord.desk)),
		maxAge:    maxAge,
	}
	s.Sets = mirror.Sets{s.providers, s.clients, s.accounts, s.rates, s.users, s.desks}
	return s
}

// Directory returns the current static data as an immutable snapshot.
func (s *Static) Directory() authorization.Directory {
	return authorization.Directory{
		Providers: current(s.providers, s.maxAge),
		Clients:   current(s.clients, s.maxAge),
		Accounts:  current(s.accounts, s.maxAge),
		Rates:     current(s.rates, s.maxAge),
		Users:     current(s.users, s.maxAge),
		Desks:     current(s.desks, s.maxAge),
	}
}

func current[T any](m *mirror.Mirror[map[string]T], maxAge time.Duration) authorization.Set[T] {
	records, meta, loaded := m.Current()
	if !loaded {
		return authorization.Set[T]{}
	}
	return authorization.Set[T]{Records: records, AsOf: meta.AsOf, Until: meta.AsOf.Add(maxAge)}
}
