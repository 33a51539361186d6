package program

import (
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/amqp/amqptest"
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
	return Servers{AMQP: OwnBroker(t), Postgres: OwnPostgres(t), Redis: OwnRedis(t), Inbox: inbox.Config{Retention: 100 * time.Hour}}
}

// OwnBroker is an empty vhost, in which a program believes whom it believes in production. It goes when the test ends.
func OwnBroker(t *testing.T) amqp.Config {
	t.Helper()
	cfg := amqp.Config{URL: testkit.AMQP(t)}
	amqptest.Trust(t, &cfg)
	return cfg
}

// OwnPostgres is an empty schema. It goes when the test ends.
func OwnPostgres(t *testing.T) postgres.Config {
	t.Helper()
	return postgres.Config{URL: testkit.PostgresURL(t), ConnectTimeout: patience}
}

// OwnRedis is an empty Redis database. It goes when the test ends.
func OwnRedis(t *testing.T) cache.Config {
	t.Helper()
	return cache.Config{URL: testkit.RedisURL(t), PoolSize: 4, DialTimeout: patience, Timeout: patience}
}
