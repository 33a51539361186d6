package probe_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/services/monitoring/internal/alert"
	"fxcore/services/monitoring/internal/probe"
)

// broker has queues with a depth and a number of consumers.
type broker map[string][2]int

func (b broker) Ready() error {
	if b == nil {
		return errors.New("away")
	}
	return nil
}

func (b broker) Depth(_ context.Context, queue string) (messages, consumers int, err error) {
	q, some := b[queue]
	if !some {
		return 0, 0, errors.New("no such queue")
	}
	return q[0], q[1], nil
}

type looks struct {
	probe.Servers
	at   time.Time
	open int
}

func begin(t *testing.T) *looks {
	t.Helper()
	l := &looks{at: time.Date(2026, 11, 30, 2, 0, 0, 0, time.UTC)}
	l.Servers = probe.Servers{
		Pool: postgrestest.Schema(t), Redis: func(context.Context) error { return errors.New("away") }, Disk: ".", Now: func() time.Time { return l.at },
		Errors: func(context.Context) (int, error) { return l.open, nil },
	}
	return l
}

func (l *looks) values(t *testing.T, queues ...string) map[string]float64 {
	t.Helper()
	values := map[string]float64{}
	for _, s := range l.Samples(t.Context(), queues) {
		values[s.String()] = s.Value
	}
	return values
}

func TestAQueueIsLateForAsLongAsItHasABacklog(t *testing.T) {
	l := begin(t)
	for _, step := range []struct {
		messages, consumers int
		late, unserved      float64
	}{{49, 2, 0, 0}, {50, 2, 0, 0}, {900, 2, 10, 0}, {70, 0, 20, 70}, {49, 1, 0, 0}, {50, 1, 0, 0}} {
		l.Broker = broker{"auth": {step.messages, step.consumers}, amqp.LogQueue: {step.messages, 1}}
		got := l.values(t, "auth")
		if got[`fx_queue_backlog_seconds{queue="auth"}`] != step.late || got[`fx_queue_unserved_messages{queue="auth"}`] != step.unserved ||
			got["fx_logs_backlog_seconds"] != step.late || got["fx_logs_waiting"] != float64(step.messages) {
			t.Errorf("%+v: %v", step, got)
		}
		l.at = l.at.Add(10 * time.Second)
	}
}

func TestLogLinesWithoutAReaderAreLateHoweverFewTheyAre(t *testing.T) {
	l := begin(t)
	l.Broker = broker{amqp.LogQueue: {1, 0}}
	_ = l.values(t)
	l.at = l.at.Add(12 * time.Second)
	if got := l.values(t)["fx_logs_backlog_seconds"]; got != 12 {
		t.Errorf("late for %v s", got)
	}
}

// Monitoring takes messages out of the broker's error queue at once: what waits for a person is in its table.
func TestErrorsWaitUntilSomebodyHasDecided(t *testing.T) {
	l := begin(t)
	l.open, l.Broker = 3, broker{amqp.ErrorQueue: {0, 2}, amqp.UnroutableQueue: {4, 0}}
	got := l.values(t)
	if got["fx_errors_waiting"] != 3 || got["fx_unroutable_waiting"] != 4 || got[`fx_queue_unserved_messages{queue="`+amqp.ErrorQueue+`"}`] != 0 {
		t.Errorf("%v", got)
	}
}

func TestWhatIsAwayIsAMeasure(t *testing.T) {
	l := begin(t)
	l.Broker = broker(nil)
	got := l.values(t, "auth")
	if got["fx_rabbitmq_up"] != 0 || got["fx_redis_up"] != 0 || got["fx_postgres_up"] != 1 || got["fx_disk_used_ratio"] <= 0 {
		t.Errorf("%v", got)
	}
	if _, asked := got[alert.Of("fx_queue_messages", 0, "queue", "auth").String()]; asked {
		t.Error("a broker that is away was asked for queues")
	}
}
