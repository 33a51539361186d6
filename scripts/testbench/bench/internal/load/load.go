package load

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/testbench/bench/internal/mix"
)

// patience bounds the wait for answers after a phase, and for the first logon.
const patience = 30 * time.Second

// Settings say where to send, with how many sessions, and what.
type Settings struct {
	Address    string // number of sessions: BENCH1 and on, each with its own connection
	Sessions   int    // percentage of line checks among the requests
	CheckShare int    // part of the references, so that two runs never use the same ones
	Run        string // distinguishes this run's references from those of others
	Prices     *mix.Prices

	Due   bool             // only forwards that all mature on the same date; CheckShare does not count
	Clock func() time.Time // the bank's; nil: real time
}

// Load is a number of sessions that stay logged on.
type Load struct {
	providers []*provider
	running   sync.WaitGroup
	stop      context.CancelFunc
}

// Open logs on with all sessions. It returns an error if one is not logged on within patience.
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
	clock := s.Clock
	if clock == nil {
		clock = time.Now
	}
	requests, err := mix.New(s.Prices, uint64(number), s.CheckShare, clock().UTC()) //nolint:gosec // a small positive number
	if err != nil {
		return nil, err
	}
	if s.Due {
		requests.OnlyDue()
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
		clock:   clock,
		up:      make(chan struct{}),
	}, nil
}

// Close logs all sessions out.
func (l *Load) Close() {
	l.stop()
	l.running.Wait()
}

// Totals returns the sums over all sessions.
func (l *Load) Totals() Totals {
	var t Totals
	for _, p := range l.providers {
		p.book.add(&t)
	}
	return t
}

// Mark begins a new measurement of silence.
func (l *Load) Mark() {
	for _, p := range l.providers {
		p.book.mark()
	}
}

// Silence returns the longest time since the mark in which a provider received no final answer.
func (l *Load) Silence() time.Duration {
	var longest time.Duration
	for _, p := range l.providers {
		longest = max(longest, p.book.longest())
	}
	return longest
}

// Closed keeps inFlight requests in flight for the given time. Each final answer makes the next request due.
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

// Open sends at a fixed rate, independent of the answers.
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

// backlog is how many seconds of due times Until keeps when the sessions are late.
const backlog = 120

// Until sends at a fixed rate until stop ends, and then waits for the answers that are still to come. It is one loop: it never pauses for
// an answer that is late.
func (l *Load) Until(ctx, stop context.Context, perSecond int) (Result, error) {
	p := newPhase()
	schedule := make(chan time.Time, backlog*perSecond)
	go func() {
		defer close(schedule)
		pace(stop, schedule, p.began, time.Second/time.Duration(perSecond), math.MaxInt)
	}()
	return l.finish(ctx, p, l.each(ctx, schedule, p))
}

// Burst sends n requests at once. All have the same due time.
func (l *Load) Burst(ctx context.Context, n int) (Result, error) {
	p := newPhase()
	at := make(chan time.Time, n)
	for range n {
		at <- p.began
	}
	close(at)
	return l.finish(ctx, p, l.each(ctx, at, p))
}

// each runs all sessions. Each session takes due times and sends a request for each, until there are no more or ctx
// ends.
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

// pace sends n due times to the schedule, each of them not before its time. If it is late, it sends at once: due
// times never move.
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
		select {
		case <-ctx.Done():
			return
		case schedule <- due:
		}
	}
}
