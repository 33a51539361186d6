package raw_test

import (
	"context"
	"testing"
	"time"

	"go.uber.org/goleak"

	"fxcore/lambda/testkit"
	"fxcore/scripts/testbench/bench/internal/raw"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTheChainRunsAndLeavesNothingBehind(t *testing.T) {
	broker, database := testkit.AMQP(t), testkit.PostgresURL(t)
	chain, err := raw.Open(t.Context(), raw.Settings{AMQP: broker, Postgres: database, Origins: 2})
	if err != nil {
		t.Fatal(err)
	}
	if n := tables(t, database); n == 0 {
		t.Error("the chain's tables are not in its role's schema")
	}
	many, one := closed(t, chain, 100, 10), closed(t, chain, 1, 1)
	if many.Latencies.TotalCount() < 10 || many.Latencies.TotalCount() < int64(many.Trades) || one.Latencies.TotalCount() < 1 {
		t.Errorf("100 in flight: %d latencies for %d trades, one: %d", many.Latencies.TotalCount(), many.Trades, one.Latencies.TotalCount())
	}
	if one.Latencies.TotalCount() < int64(one.Trades) || one.Latencies.ValueAtQuantile(50) < 500 {
		t.Errorf("%d latencies for %d trades, p50 %d µs", one.Latencies.TotalCount(), one.Trades, one.Latencies.ValueAtQuantile(50))
	}
	if burst, err := chain.Burst(t.Context(), 70); err != nil || burst.Trades != 70 || burst.Latencies.TotalCount() != 70 || burst.Took <= 0 {
		t.Errorf("70 at once: %+v, error %v", burst, err)
	}
	if err := chain.Close(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	if left := tables(t, database); left > 0 || queueExists(t, broker) {
		t.Errorf("the chain left its queues or %d tables behind", left)
	}
}

// closed runs a closed load until at least so many trades have ended. A busy machine may need more than one try.
func closed(t *testing.T, chain *raw.Chain, inFlight int, least int64) (r raw.Result) {
	t.Helper()
	for took := 500 * time.Millisecond; took < time.Minute && (r.Latencies == nil || r.Latencies.TotalCount() < least); took *= 4 {
		var err error
		if r, err = chain.Closed(t.Context(), inFlight, took); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// tables returns the number of tables in the test's schema.
func tables(t *testing.T, url string) (n int) {
	t.Helper()
	if err := testkit.PostgresAt(t, url).QueryRow(t.Context(), "select count(*) from pg_tables where schemaname = current_schema()").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func queueExists(t *testing.T, url string) bool {
	t.Helper()
	ch := testkit.Channel(t, url)
	_, err := ch.QueueDeclarePassive("bench_raw.auth", true, false, false, false, nil)
	return err == nil
}
