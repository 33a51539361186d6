package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/config"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/program"
	"fxcore/services/contract"
	"fxcore/services/signin"
	"fxcore/services/tracing/internal/store/cassandra"
	"fxcore/services/web"
	"fxcore/services/web/webtest"
)

var publisher = amqp.Topology{
	Service:   "fix",
	Publishes: []amqp.Publication{{Exchange: contract.TradeExchange, Type: contract.TradeRequested}},
}

// The test runs the whole service with two replicas, publishes a message, and lets the command line check the journal.
func TestAMessageIsInTheJournalAndTheServiceStopsWithoutARemnant(t *testing.T) {
	program.NoRemnant(t)
	on := program.OwnServers(t)
	cfg := with(t, on)
	other := cfg
	other.Base = config.Base{Replica: "2", HealthAddr: "127.0.0.1:0"}
	journaled(t, cfg, other, func(t *testing.T) {
		pool := testkit.PostgresAt(t, cfg.Postgres.URL)
		if _, err := pool.Exec(t.Context(), "update journal set payload = '{}'"); err != nil {
			t.Fatal(err)
		}
	})
}

// The driver ends its attempts to connect some seconds after it was closed, so this test does not look for what is left behind.
func TestTheSameOnCassandra(t *testing.T) {
	keyspace := testkit.Cassandra(t)
	on := program.OwnServers(t)
	cfg := with(t, on)
	var err error
	if cfg.Cassandra, err = cassandra.FromURL(keyspace); err != nil {
		t.Fatal(err)
	}
	other := cfg
	other.Base = config.Base{Replica: "2", HealthAddr: "127.0.0.1:0"}
	journaled(t, cfg, other, nil)
}

// with returns the settings of a replica.
func with(t *testing.T, on program.Servers) settings {
	t.Helper()
	certificate, key := webtest.SelfSigned(t)
	return settings{
		Base: program.Base("1"), AMQP: on.AMQP, Postgres: on.Postgres, Inbox: on.Inbox,
		HTTP: web.Config{Addr: "127.0.0.1:0", Certificate: certificate, Key: key}, SignIn: signin.Config{Audience: "api"},
	}
}

// journaled runs two replicas. harm changes the journal behind their back; nil: nothing does.
func journaled(t *testing.T, one, other settings, harm func(*testing.T)) {
	t.Helper()
	peer := program.Meet(t, one.AMQP.URL, publisher)
	stop := program.Start(t, 2*time.Minute, service(one), service(other))
	trade := event.NewID(testkit.Day, "trade", "1")
	e, err := event.New(contract.TradeRequested, event.NewID(testkit.Day, "message", "1"), "alpha", trade, json.RawMessage(`{"request":{"client":"C1"}}`))
	if err != nil {
		t.Fatal(err)
	}
	peer.Tell(t, e)
	check := func() (int, string) {
		var out bytes.Buffer
		s, chain, end, err := connect(t.Context(), one)
		if err != nil {
			t.Fatal(err)
		}
		defer end()
		return verify(t.Context(), s, chain, &out), out.String()
	}
	const records = 3 // the message, and for the audit what each of the two has read at its start
	testkit.Eventually(t, "the records", time.Minute, func() error {
		if code, text := check(); code != sound || text != fmt.Sprintf("%d records are sound\n", records) {
			return errors.New(text)
		}
		return nil
	})
	if harm != nil {
		harm(t)
		if code, text := check(); code != broken || !strings.Contains(text, e.ID+": changed") {
			t.Errorf("the verifier says %d, %s", code, text)
		}
	}
	stop()
}
