package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/amqp"
)

// cause is something that goes wrong, and the alerts that must tell it.
type cause struct {
	name  string
	keys  []string // of the alerts
	needs string   // a process without which it cannot be made; empty: none
	make  maker
	lasts bool // the alert counts what happened within ten minutes: that it clears is looked for at the end
}

// causes returns the causes in groups. Those of one group are made at the same time: none of them hides or makes the alert of another.
func causes() [][]cause {
	return [][]cause{{
		{"a replica dies again and again (four kill -9 of datasync-2)", []string{"instance_restarting:datasync-2"}, "datasync-2", killOften("datasync-2", 4), true},
		{"a lease changes its holder again and again (six moves)", []string{"lease_flapping:fix/SANDBOX44"}, "fix-2", flap, true},
		{"a replica is wedged (SIGSTOP auth-2)", []string{"instance_silent:auth-2", "program_alone:auth"}, "auth-2", freeze("auth-2"), false},
		{"a poison message in a queue", []string{"error_queue:core"}, "", poison, false},
		{"a message that nobody's queue is bound to", []string{"unroutable:core"}, "", unroutable, false},
		{"Icinga hangs (SIGSTOP)", []string{"store_away:icinga"}, "icinga", freeze("icinga"), false},
	}, {
		{"no replica of a program stays up (both of responsibility)", []string{"program_down:responsibility", "queue_unserved:responsibility"}, "responsibility-2", holdDown("responsibility-1", "responsibility-2"), false},
		{"no replica of logging stays up", []string{"program_down:logging", "logs_late:core"}, "logging-2", holdDown("logging-1", "logging-2"), false},
		{"Cassandra hangs (SIGSTOP)", []string{"store_away:cassandra"}, "cassandra", freeze("cassandra"), false},
	}, {
		{"the mainframe is away: no rates come", []string{"rates_stale:core"}, "", mainframe("away?how=refuse&for=10m"), false},
		{"Elasticsearch hangs (SIGSTOP)", []string{"store_away:elasticsearch"}, "elasticsearch", freeze("elasticsearch"), false},
	}, {
		{"the mainframe is slow (an answer takes 15 s)", []string{"bookings_late:core"}, "", mainframe("slow?latency=15s&for=10m"), false},
		{"Redis hangs (SIGSTOP)", []string{"redis_down:core"}, "redis", freeze("redis"), false},
	}}
}

type maker = func(ctx context.Context, c *core) (func(context.Context) error, error)

// freeze stops a process, with those that it has started, without ending it.
func freeze(id string) maker {
	return func(_ context.Context, c *core) (func(context.Context) error, error) {
		p, err := c.Process(id)
		if err != nil {
			return nil, err
		}
		if p.PID <= 0 {
			return nil, fmt.Errorf("%s does not run: %s", id, p.Reason)
		}
		signal := func(s syscall.Signal) error {
			if err := syscall.Kill(-p.PID, s); err != nil { // the supervisor makes each process a group of its own
				return fmt.Errorf("send %s to %s: %w", s, id, err)
			}
			return nil
		}
		return func(context.Context) error { return signal(syscall.SIGCONT) }, signal(syscall.SIGSTOP)
	}
}

func killOften(id string, times int) maker {
	return func(ctx context.Context, c *core) (func(context.Context) error, error) {
		for range times {
			killed, err := c.Kill(id)
			if err != nil {
				return nil, err
			}
			if err := c.AwaitReturn(ctx, killed); err != nil {
				return nil, err
			}
			pause(ctx, 2*time.Second) // it reports that it has started
		}
		return func(context.Context) error { return nil }, nil
	}
}

func holdDown(ids ...string) maker {
	return func(ctx context.Context, c *core) (func(context.Context) error, error) {
		held, end := context.WithCancel(ctx)
		ended := make(chan error, 1)
		go func() { ended <- c.HoldDown(held, ids...) }()
		return func(context.Context) error { end(); return <-ended }, nil
	}
}

// publish sends bytes that are no event.
func (c *core) publish(ctx context.Context, exchange, key string) error {
	conn, err := amqp091.Dial(c.record.URLs["amqp"])
	if err != nil {
		return errors.New("the broker does not let us in") // not quoted: the address has a password
	}
	defer func() { _ = conn.Close() }()
	ch, err := conn.Channel()
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	if err := ch.PublishWithContext(ctx, exchange, key, false, false, amqp091.Publishing{ContentType: "text/plain", Body: []byte("no event")}); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return ch.Close()
}

func poison(ctx context.Context, c *core) (func(context.Context) error, error) {
	return func(ctx context.Context) error { return c.discard(ctx) }, c.publish(ctx, "", "responsibility")
}

func unroutable(ctx context.Context, c *core) (func(context.Context) error, error) {
	mend := func(context.Context) error {
		conn, err := amqp091.Dial(c.record.URLs["amqp"])
		if err != nil {
			return errors.New("the broker does not let us in")
		}
		defer func() { _ = conn.Close() }()
		ch, err := conn.Channel()
		if err == nil {
			_, err = ch.QueuePurge(amqp.UnroutableQueue, false)
		}
		return err
	}
	return mend, c.publish(ctx, "fx.trade", "trade.nobody_reads_this")
}

// mainframe orders a fault of the simulator.
func mainframe(order string) maker {
	return func(ctx context.Context, c *core) (func(context.Context) error, error) {
		return func(ctx context.Context) error { return c.order(ctx, "well") }, c.order(ctx, order)
	}
}

func (c *core) order(ctx context.Context, what string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.record.URLs["mainframe_control"]+"/"+what, http.NoBody)
	if err != nil {
		return fmt.Errorf("order the mainframe: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("order the mainframe: %w", err)
	}
	return response.Body.Close()
}

// flap moves a session to and fro.
func flap(ctx context.Context, c *core) (func(context.Context) error, error) {
	for n := range 6 {
		if _, err := c.fxctl(ctx, "failover", "move", "SANDBOX44", fmt.Sprint("fix/", 1+n%2)); err != nil {
			return nil, err
		}
		pause(ctx, 6*time.Second) // the next report of the holder
	}
	return func(ctx context.Context) error {
		_, err := c.fxctl(ctx, "failover", "fallback", "SANDBOX44")
		return err
	}, nil
}

// fxctl runs a command of on-call.
func (c *core) fxctl(ctx context.Context, args ...string) ([]byte, error) {
	command := exec.CommandContext(ctx, filepath.Join(c.Bin, "fxctl"), append([]string{"--core", c.Folder}, args...)...) //nolint:gosec // ours
	out, err := command.Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		err = fmt.Errorf("%w: %s", err, failed.Stderr)
	}
	if err != nil {
		return nil, fmt.Errorf("fxctl %v: %w", args, err)
	}
	return out, nil
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
