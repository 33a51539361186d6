package raw

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/jackc/pgx/v5/pgxpool"
	amqp "github.com/rabbitmq/amqp091-go"
	"golang.org/x/sync/errgroup"
)

// Settings say which servers to use, and how many origins the trades have.
type Settings struct {
	AMQP     string // URL of a user that may declare
	Postgres string // URL of a role that may create tables in its schema
	Origins  int    // provider sessions
}

const (
	drainBound = 30 * time.Second
	poolConns  = 24
)

// Chain is the whole running chain.
type Chain struct {
	settings Settings
	pool     *pgxpool.Pool
	conns    []*amqp.Connection
	workers  errgroup.Group
	entries  []*entry

	mu   sync.Mutex
	book *book
}

// Open makes its own queues and tables and starts all workers. Close removes them.
func Open(ctx context.Context, s Settings) (*Chain, error) {
	pool, err := openPool(ctx, s.Postgres)
	if err != nil {
		return nil, err
	}
	c := &Chain{settings: s, pool: pool, book: newBook()}
	if err := c.start(ctx); err != nil {
		return nil, errors.Join(err, c.Close(ctx))
	}
	return c, nil
}

func openPool(ctx context.Context, url string) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("raw chain: %w", err)
	}
	cfg.MaxConns = poolConns
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("raw chain: %w", err)
	}
	return pool, nil
}

func (c *Chain) start(ctx context.Context) error {
	if err := prepare(ctx, c.pool); err != nil {
		return err
	}
	setup, err := c.dial()
	if err != nil {
		return err
	}
	ch, err := setup.Channel()
	if err != nil {
		return fmt.Errorf("raw chain: %w", err)
	}
	if err := declare(ch, c.settings.Origins); err != nil {
		return err
	}
	for _, s := range services() {
		for range s.replicas {
			if err := c.replica(ctx, s); err != nil {
				return fmt.Errorf("start raw %s: %w", s.name, err)
			}
		}
	}
	return c.openEntries()
}

func (c *Chain) dial() (*amqp.Connection, error) {
	conn, err := amqp.Dial(c.settings.AMQP)
	if err != nil {
		return nil, fmt.Errorf("raw chain: %w", err)
	}
	c.conns = append(c.conns, conn)
	return conn, nil
}

// replica starts the workers of one replica, with one connection for consuming and one for publishing.
func (c *Chain) replica(ctx context.Context, s service) error {
	in, err := c.dial()
	if err != nil {
		return err
	}
	out, err := c.dial()
	if err != nil {
		return err
	}
	for _, q := range s.queues {
		for _, name := range q.queueNames(c.settings.Origins) {
			w, err := newWorker(s, name, in, out, newStore(c.pool, s.name), c.finished)
			if err != nil {
				return err
			}
			c.workers.Go(func() error { return w.run(context.WithoutCancel(ctx)) })
		}
	}
	return nil
}

// Close stops all workers and removes the queues and tables.
func (c *Chain) Close(ctx context.Context) error {
	var faults []error
	if len(c.conns) > 0 {
		faults = append(faults, remove(c.conns[0], c.settings.Origins))
	}
	for _, conn := range c.conns {
		_ = conn.Close()
	}
	_ = c.workers.Wait() // they end because their connections have ended
	faults = append(faults, dropTables(ctx, c.pool))
	c.pool.Close()
	return errors.Join(faults...)
}

// Result is the result of one run of the chain.
type Result struct {
	Took      time.Duration
	Trades    int                     // that passed the whole chain within Took
	Latencies *hdrhistogram.Histogram // microseconds
}

// PerSecond returns the rate of trades.
func (r Result) PerSecond() float64 { return float64(r.Trades) / r.Took.Seconds() }

// Closed keeps inFlight trades in flight for the given time.
func (c *Chain) Closed(ctx context.Context, inFlight int, took time.Duration) (Result, error) {
	b, room := c.begin(inFlight)
	b.release = func() { room <- struct{}{} }
	timed, cancel := context.WithTimeout(ctx, took)
	defer cancel()
	err := c.send(ctx, timed, b, room)
	result := b.end()
	return result, errors.Join(err, b.drain(ctx))
}

// Burst sends n trades at once, and waits until the last one has passed the whole chain. Took is that time.
func (c *Chain) Burst(ctx context.Context, n int) (Result, error) {
	timed, cancel := context.WithTimeout(ctx, drainBound)
	defer cancel()
	b, room := c.begin(n)
	var passed, took atomic.Int64
	b.release = func() {
		if passed.Add(1) == int64(n) {
			took.Store(int64(time.Since(b.began)))
			cancel()
		}
	}
	err := c.send(ctx, timed, b, room)
	result := b.end()
	err = errors.Join(err, b.drain(ctx))
	result.Took = time.Duration(took.Load())
	return result, err
}

// begin begins the book of a run, with room for so many trades in flight.
func (c *Chain) begin(inFlight int) (*book, chan struct{}) {
	b, room := newBook(), make(chan struct{}, inFlight)
	for range inFlight {
		room <- struct{}{}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.book = b
	return b, room
}

// send sends a trade for each value in room until timed ends, over all entries.
func (c *Chain) send(ctx, timed context.Context, b *book, room <-chan struct{}) error {
	var sending errgroup.Group
	for _, e := range c.entries {
		sending.Go(func() error { return e.run(timed, context.WithoutCancel(ctx), b, room) })
	}
	return sending.Wait()
}

func (c *Chain) finished(trade uint64) {
	c.mu.Lock()
	b := c.book
	c.mu.Unlock()
	b.finish(trade)
}
