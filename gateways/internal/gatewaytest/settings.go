package gatewaytest

import (
	"testing"
	"time"

	"fxcore/gateways/internal/door"
	"fxcore/gateways/internal/instance"
	"fxcore/gateways/internal/store"
	"fxcore/lambda/lease"
	"fxcore/lambda/testkit/program"
)

// The settings of a gateway that a test runs in its own process. They are valid, and patient with a busy machine.

// Servers are a vhost and a schema of the test's own.
func Servers(t *testing.T) instance.Servers {
	t.Helper()
	return instance.Servers{Base: program.Base("test"), AMQP: program.OwnBroker(t), Postgres: program.OwnPostgres(t), Lease: Lease()}
}

// Lease is long enough for a busy machine. It suits a gateway that no other one takes over from.
func Lease() lease.Config {
	return lease.Config{Length: 20 * time.Second, Renew: time.Second, Poll: 100 * time.Millisecond}
}

// Rules are those of a gateway with these providers.
func Rules(providers string) instance.Rules {
	return instance.Rules{
		Retention: store.Retention{Messages: time.Hour, Answers: time.Hour, Inbox: time.Hour},
		Providers: providers, Deadline: time.Minute, QueueLimit: 100, UnderWay: 2,
	}
}

// Door is a door without TLS for few connections.
func Door() door.Config {
	return door.Config{ListenTLS: door.None, WriteTimeout: patience, MaxWaiting: 10, MaxWaitingEach: 10, Checks: 2}
}
