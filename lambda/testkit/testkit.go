// Package testkit gives a test its own corner of the real servers: a Postgres schema, a RabbitMQ vhost, a Redis
// database. Each is made for one test and removed when it ends, so tests run side by side and in any order.
//
// The servers are found through the environment (see [PostgresVariable] and its neighbours). A test that needs one that
// is not there fails; it is never skipped, because a skipped test proves nothing.
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
	PostgresVariable  = "TEST_POSTGRES_URL"   // postgres://user@host:port/database, a role that may create schemas
	AMQPVariable      = "TEST_AMQP_URL"       // amqp://user:password@host:port, without a vhost
	AMQPAdminVariable = "TEST_AMQP_ADMIN_URL" // http://user:password@host:port of the management plugin
	RedisVariable     = "TEST_REDIS_URL"      // redis://host:port/0
)

// patience bounds each call that makes or removes a corner.
const patience = 30 * time.Second

// address returns the variable's value, or ends the test with what to do about its absence.
func address(t testing.TB, variable string) string {
	t.Helper()
	value := os.Getenv(variable)
	if value == "" {
		t.Fatalf("%s is not set: run `make test`, which starts the servers that tests need", variable)
	}
	return value
}

// name returns an identifier that no other test has, whichever process it runs in.
func name() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails: see crypto/rand
	return "test_" + hex.EncodeToString(b[:])
}

// bounded is the context of one call to a server. It is not the test's own, which has ended when cleanups run.
func bounded() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), patience)
}
