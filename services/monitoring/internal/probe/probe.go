// Package probe asks the servers how they are: the broker for its queues, Postgres, Redis, and the disk.
package probe

import (
	"context"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/services/monitoring/internal/alert"
)

// patience bounds each question, so that a server that hangs is a measure and not a stop.
const patience = 2 * time.Second

// deep is the depth from which a queue counts as having a backlog, in messages.
const deep = 50

// Broker is the part of the bus that is asked.
type Broker interface {
	Ready() error
	Depth(ctx context.Context, queue string) (messages, consumers int, err error)
}

// Servers asks the servers. Only one goroutine may use it.
type Servers struct {
	Broker Broker
	Pool   *pgxpool.Pool
	Redis  func(ctx context.Context) error
	Disk   string // a folder on the disk
	Now    func() time.Time
	Errors func(ctx context.Context) (open int, err error) // counts the entries of the error queue that wait for somebody

	backlog map[string]time.Time // since when each queue is deep
	folders folders
}

// Samples asks all servers, one after the other. What cannot be asked is left out; that its server is away is a measure itself.
func (s *Servers) Samples(ctx context.Context, queues []string) []alert.Sample {
	samples := s.disk(ctx)
	samples = append(samples, s.redis(ctx), alert.Of("fx_rabbitmq_up", oneIf(s.Broker.Ready() == nil)))
	samples = append(samples, s.postgres(ctx)...)
	samples = append(samples, s.errors(ctx)...)
	if s.Broker.Ready() == nil {
		samples = append(samples, s.queues(ctx, queues)...)
	}
	return samples
}

func (s *Servers) redis(ctx context.Context) alert.Sample {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return alert.Of("fx_redis_up", oneIf(s.Redis(ctx) == nil))
}

func (s *Servers) postgres(ctx context.Context) []alert.Sample {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	began := time.Now()
	var ratio float64
	err := s.Pool.QueryRow(ctx, "select count(*)::float8 / current_setting('max_connections')::float8 from pg_stat_activity").Scan(&ratio)
	if err != nil {
		return []alert.Sample{alert.Of("fx_postgres_up", 0)}
	}
	return []alert.Sample{
		alert.Of("fx_postgres_up", 1), alert.Of("fx_postgres_connections_ratio", ratio),
		alert.Of("fx_postgres_answer_seconds", time.Since(began).Seconds()),
	}
}

// disk returns how full the disk is, and which folders are large.
func (s *Servers) disk(ctx context.Context) []alert.Sample {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(s.Disk, &fs); err != nil || fs.Blocks == 0 {
		return nil
	}
	used := 1 - float64(fs.Bavail)/float64(fs.Blocks)
	return append([]alert.Sample{alert.Of("fx_disk_used_ratio", used)}, s.folders.samples(ctx, s.Disk, used, s.Now())...)
}

func (s *Servers) queues(ctx context.Context, names []string) (samples []alert.Sample) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for _, name := range names {
		if messages, consumers, err := s.Broker.Depth(ctx, name); err == nil {
			samples = append(samples, s.queue(name, messages, consumers)...)
		}
	}
	if messages, consumers, err := s.Broker.Depth(ctx, amqp.ErrorQueue); err == nil {
		samples = append(samples, s.queue(amqp.ErrorQueue, messages, consumers)...)
	}
	if messages, _, err := s.Broker.Depth(ctx, amqp.UnroutableQueue); err == nil {
		samples = append(samples, alert.Of("fx_unroutable_waiting", float64(messages)))
	}
	if messages, consumers, err := s.Broker.Depth(ctx, amqp.LogQueue); err == nil {
		late := messages
		if consumers == 0 && messages > 0 {
			late = deep // at a low rate it takes long until many wait
		}
		samples = append(samples, alert.Of("fx_logs_waiting", float64(messages)), alert.Of("fx_logs_backlog_seconds", s.late(amqp.LogQueue, late).Seconds()))
	}
	return samples
}

// errors counts what waits for a person: the error queue's entries, which monitoring has taken out of the broker.
func (s *Servers) errors(ctx context.Context) []alert.Sample {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	open, err := s.Errors(ctx)
	if err != nil {
		return nil
	}
	return []alert.Sample{alert.Of("fx_errors_waiting", float64(open))}
}

// late returns for how long a queue has had a backlog. The broker does not tell how old the oldest message is.
func (s *Servers) late(name string, messages int) time.Duration {
	if s.backlog == nil {
		s.backlog = map[string]time.Time{}
	}
	since, known := s.backlog[name]
	switch {
	case messages < deep:
		delete(s.backlog, name)
		return 0
	case !known:
		since = s.Now()
		s.backlog[name] = since
	}
	return s.Now().Sub(since)
}

// queue returns what the depth of a queue says.
func (s *Servers) queue(name string, messages, consumers int) []alert.Sample {
	unserved := 0
	if consumers == 0 {
		unserved = messages
	}
	of := func(measure string, value float64) alert.Sample { return alert.Of(measure, value, "queue", name) }
	return []alert.Sample{
		of("fx_queue_messages", float64(messages)), of("fx_queue_consumers", float64(consumers)),
		of("fx_queue_unserved_messages", float64(unserved)), of("fx_queue_backlog_seconds", s.late(name, messages).Seconds()),
	}
}

func oneIf(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
