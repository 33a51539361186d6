package load

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/testbench/bench/internal/mix"
)

// patience bounds the wait for answers after the end of a phase, and for the first logon.
const patience = 30 * time.Second

// Settings say where and as whom to send.
type Settings struct {
	Address    string // host:port of the gateway
	Sessions   int    // BENCH1 and on, each with its own connection
	CheckShare int    // line checks, per cent of the requests
	Run        string // distinguishes this run's references from those of others
	Prices     *mix.Prices
}

// Load is a number of sessions that stay up.
type Load struct {
	providers []*provider
	running   sync.WaitGroup
	stop      context.CancelFunc
}

// Open logs on with all sessions.
func Open(ctx context.Context, s Settings) (*Load, error) {
	l := &Load{}
	for i := range s.Sessions {
		p, err := s.provider(i + 1)
		if err != nil {
			return nil, err
		}
		l.providers = append(l.providers, p)
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	l.stop = stop
	for _, p := range l.providers {
		l.running.Go(func() { p.run(running) })
	}
	waiting, cancel := context.WithTimeoutCause(ctx, patience, errors.New("no logon in time"))
	defer cancel()
	for _, p := range l.providers {
		if _, err := p.connected(waiting); err != nil {
			l.Close()
			return nil, err
		}
	}
	return l, nil
}

func (s Settings) provider(number int) (*provider, error) {
	requests, err := mix.New(s.Prices, uint64(number), s.CheckShare, time.Now().UTC()) //nolint:gosec // a small positive number
	if err != nil {
		return nil, err
	}
	id := fmt.Sprintf("BENCH%d", number)
	return &provider{
		cfg: fixwire.Config{
			Address: s.Address, Begin: fixwire.FIX44, Sender: id, Target: "FXCORE",
			Username: strings.ToLower(id), Password: strings.ToLower(id) + "-demo", Heartbeat: 30 * time.Second, Reset: true,
		},
		journal: fixwire.NewJournal(),
		book:    newBook(s.Run + "-" + strconv.Itoa(number) + "-"),
		mix:     requests,
		up:      make(chan struct{}),
	}, nil
}

// Close logs all sessions out.
func (l *Load) Close() {
	l.stop()
	l.running.Wait()
}

// Totals sums up the accounts of all sessions.
func (l *Load) Totals() Totals {
	var t Totals
	for _, p := range l.providers {
		p.book.add(&t)
	}
	return t
}

// Mark begins to measure silence anew.
func (l *Load) Mark() {
	for _, p := range l.providers {
		p.book.mark()
	}
}

// Silence is the longest time, since the mark, in which a provider heard no final answer between two of them.
func (l *Load) Silence() time.Duration {
	var longest time.Duration
	for _, p := range l.providers {
		longest = max(longest, p.book.longest())
	}
	return longest
}

// Closed keeps a number of requests under way for a time: each answer makes room for the next request, which is due at
// that moment.
func (l *Load) Closed(ctx context.Context, inFlight int, took time.Duration) (Result, error) {
	p := newPhase()
	room := make(chan time.Time, inFlight)
	for range inFlight {
		room <- p.began
	}
	p.release = func(now time.Time) { room <- now }
	timed, cancel := context.WithTimeout(ctx, took)
	defer cancel()
	return l.finish(ctx, p, l.each(timed, room, p))
}

// Open sends at a fixed rate, whatever the answers do.
func (l *Load) Open(ctx context.Context, perSecond int, took time.Duration) (Result, error) {
	p := newPhase()
	n := int(float64(perSecond) * took.Seconds())
	schedule := make(chan time.Time, n)
	go func() {
		defer close(schedule)
		pace(ctx, schedule, p.began, time.Second/time.Duration(perSecond), n)
	}()
	return l.finish(ctx, p, l.each(ctx, schedule, p))
}

// Burst sends a number of requests at once. All are due at the same moment.
func (l *Load) Burst(ctx context.Context, n int) (Result, error) {
	p := newPhase()
	at := make(chan time.Time, n)
	for range n {
		at <- p.began
	}
	close(at)
	return l.finish(ctx, p, l.each(ctx, at, p))
}

// each lets every session take due times and fire, until there are no more or ctx ends.
func (l *Load) each(ctx context.Context, due <-chan time.Time, p *phase) error {
	var sessions errgroup.Group
	for _, session := range l.providers {
		sessions.Go(func() error { return fireAll(ctx, session, due, p) })
	}
	return sessions.Wait()
}

func fireAll(ctx context.Context, session *provider, due <-chan time.Time, p *phase) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case at, more := <-due:
			if !more {
				return nil
			}
			if err := session.fire(ctx, at, p); err != nil && ctx.Err() == nil {
				return err
			}
		}
	}
}

func (l *Load) finish(ctx context.Context, p *phase, err error) (Result, error) {
	p.end()
	if err == nil {
		err = p.drain(ctx, patience)
	}
	return p.result(), err
}

// pace puts n due times into the schedule, none before its time. What is late is put at once: the schedule stands.
func pace(ctx context.Context, schedule chan<- time.Time, began time.Time, interval time.Duration, n int) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for i := range n {
		due := began.Add(time.Duration(i) * interval)
		if wait := time.Until(due); wait > 0 {
			timer.Reset(wait)
			select {
			case <-ctx.Done():
				return
			case <-timer.C:
			}
		}
		schedule <- due
	}
}
