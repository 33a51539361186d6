package raw_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	amqp "github.com/rabbitmq/amqp091-go"
	"go.uber.org/goleak"

	"fxcore/lambda/testkit"
	"fxcore/scripts/bench/internal/raw"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The chain uses a schema of one name, so this test cannot run beside another of its kind.
func TestTheChainRunsAndLeavesNothingBehind(t *testing.T) {
	broker, database := testkit.AMQP(t), testkit.PostgresURL(t)
	chain, err := raw.Open(t.Context(), raw.Settings{AMQP: broker, Postgres: database, Origins: 2})
	if err != nil {
		t.Fatal(err)
	}
	many, err := chain.Closed(t.Context(), 100, 500*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	one, err := chain.Closed(t.Context(), 1, 500*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if many.Trades < 100 || one.Trades < 3 || many.PerSecond() < 2*one.PerSecond() {
		t.Errorf("100 in flight: %d trades, one: %d", many.Trades, one.Trades)
	}
	if one.Latencies.TotalCount() < int64(one.Trades) || one.Latencies.ValueAtQuantile(50) < 500 {
		t.Errorf("%d latencies for %d trades, p50 %d µs", one.Latencies.TotalCount(), one.Trades, one.Latencies.ValueAtQuantile(50))
	}
	if err := chain.Close(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	if schemaExists(t, database) || queueExists(t, broker) {
		t.Error("the chain left its schema or queues behind")
	}
}

func schemaExists(t *testing.T, url string) (exists bool) {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if err := pool.QueryRow(t.Context(), "select to_regnamespace('bench_raw') is not null").Scan(&exists); err != nil {
		t.Fatal(err)
	}
	return exists
}

func queueExists(t *testing.T, url string) bool {
	t.Helper()
	conn, err := amqp.Dial(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	ch, err := conn.Channel()
	if err != nil {
		t.Fatal(err)
	}
	_, err = ch.QueueDeclarePassive("bench_raw.auth", true, false, false, false, nil)
	return err == nil
}
