// Package testkit gives a test a part of the real servers for itself: a Postgres schema, a RabbitMQ vhost, a Redis database.
// Each is created for one test and removed when the test ends, so tests run side by side and in any order.
//
// The environment names the servers (see [PostgresVariable] and the following). A test whose server is not there fails. It is
// never skipped, because a skipped test proves nothing. Only the servers of a full start are not on every machine: see [Cassandra].
package testkit

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"os"
	"testing"
	"time"
)

// The environment variables that name the servers. `make test` starts the servers and sets them.
const (
	PostgresVariable  = "TEST_POSTGRES_URL"   // postgres://user@host:port/database?sslmode=verify-full&sslrootcert=…, a role that may create schemas
	AMQPVariable      = "TEST_AMQP_URL"       // amqps://user:password@host:port?cacertfile=…, without a vhost
	AMQPAdminVariable = "TEST_AMQP_ADMIN_URL" // https://user:password@host:port?cacertfile=… of the management plugin
	RedisVariable     = "TEST_REDIS_URL"      // rediss://user:password@host:port/0?cacertfile=…
)

// patience bounds each call that creates or removes a test's part of a server.
const patience = 30 * time.Second

// address returns the variable's value. If it is not set, the test ends and says what to do.
func address(t testing.TB, variable string) string {
	t.Helper()
	value := os.Getenv(variable)
	if value == "" {
		t.Fatalf("%s is not set: run `make test`, which starts the servers that tests need", variable)
	}
	return value
}

// name returns a random identifier, which no other test has, in this process or another.
func name() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails: see crypto/rand
	return "test_" + hex.EncodeToString(b[:])
}

// bounded is the context of one call to a server. The test's own context would not do: it has ended when cleanups run.
func bounded() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), patience)
}
