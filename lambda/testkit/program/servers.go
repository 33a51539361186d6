package program

import (
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/cache"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres"
	"fxcore/lambda/testkit"
)

// Servers are what a service is told of its servers.
type Servers struct {
	AMQP     amqp.Config
	Postgres postgres.Config
	Redis    cache.Config
	Inbox    inbox.Config
}

// OwnServers are an empty vhost, an empty schema and an empty Redis database. They go when the test ends.
func OwnServers(t *testing.T) Servers {
	t.Helper()
	return Servers{
		AMQP:     amqp.Config{URL: testkit.AMQP(t)},
		Postgres: postgres.Config{URL: testkit.PostgresURL(t), ConnectTimeout: patience},
		Redis:    cache.Config{URL: testkit.RedisURL(t), PoolSize: 4, DialTimeout: patience, Timeout: patience},
		Inbox:    inbox.Config{Retention: 100 * time.Hour},
	}
}
