// Package starved measures what becomes of the providers' sessions while the machine has no processor time: ten busy loops compute beside
// the core. It checks that no request is lost or doubled.
package starved

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"fxcore/scripts/internal/pause"
	"fxcore/scripts/testbench/faults/internal/harm"
	"fxcore/scripts/testbench/faults/internal/schedule"
	"fxcore/scripts/testbench/faults/internal/traffic"
	"fxcore/scripts/testbench/faults/internal/trial"
)

// Setting says what to measure.
type Setting struct {
	For   time.Duration // how long the loops compute
	Apart bool          // each loop is a group of processes of its own, see harm.Starve
	Rate  int           // requests a second, of all providers together
}

// Bounds and pauses.
const (
	openBound = 30 * time.Second
	backBound = time.Minute     // from the end of the loops until every provider has a new request granted
	endBound  = 2 * time.Minute // until the last answer
	restBound = time.Minute     // until the core is at rest
	settleFor = 20 * time.Second
	lookEvery = 5 * time.Millisecond
	leaseLook = 250 * time.Millisecond
)

// providers are the demo's providers that trade.
func providers() []schedule.Stream {
	return []schedule.Stream{
		{Kind: "fix", Provider: "TEST5", Seed: 1},
		{Kind: "fix", Provider: "TEST6", Seed: 2},
		{Kind: "socket", Provider: "STEST1", Seed: 3},
		{Kind: "socket", Provider: "STEST2", Seed: 4},
	}
}

// measure is one measurement.
type measure struct {
	Setting
	core    *trial.Core
	streams []traffic.Stream
	lost    []int // connections, by stream
}

// Measure starves a running core once.
func Measure(ctx context.Context, core *trial.Core, s Setting) (Report, error) {
	m := &measure{Setting: s, core: core}
	r := Report{At: time.Now().UTC(), Apart: s.Apart, Violations: []string{}}
	err := m.run(ctx, &r)
	for _, one := range m.streams {
		err = errors.Join(err, one.Close())
	}
	if err != nil {
		return r, err
	}
	judging, cancel := context.WithTimeout(ctx, restBound)
	defer cancel()
	found, _, err := core.Judge(judging)
	for _, v := range found {
		r.Violations = append(r.Violations, v.Detailed())
	}
	return r, err
}

func (m *measure) run(ctx context.Context, r *Report) error {
	if err := m.open(ctx); err != nil {
		return err
	}
	halt := m.trade(ctx)
	pause.For(ctx, settleFor)
	before := m.figures()
	since := time.Now()
	end, err := harm.Starve(m.Apart)
	if err != nil {
		return errors.Join(err, halt())
	}
	starving, over := context.WithTimeout(ctx, m.For)
	length, err := m.core.LeaseLeft(starving, leaseLook)
	<-starving.Done()
	over()
	end()
	r.LengthMS = length.Milliseconds()
	if err != nil {
		return errors.Join(err, halt())
	}
	r.Starved = time.Since(since).Seconds()
	back, err := m.back(ctx)
	if r.BackMS = back.Milliseconds(); err != nil {
		return errors.Join(err, halt())
	}
	pause.For(ctx, settleFor) // what was late may have its effect now
	err = errors.Join(halt(), m.finish(ctx))
	after := m.figures()
	r.Requests, r.Granted, r.SilenceMS = after.Requests-before.Requests, after.Granted-before.Granted, after.Silence.Milliseconds()
	r.Connections = sum(m.lost)
	return errors.Join(err, r.read(ctx, m.core, since, since.Add(time.Duration(r.Starved*float64(time.Second)))))
}

func (m *measure) open(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, openBound)
	defer cancel()
	for _, s := range providers() {
		s.PerSecond = m.Rate / len(providers())
		stream, err := m.core.Stream(s, "starved")
		if err != nil {
			return err
		}
		m.streams = append(m.streams, stream)
		if err := stream.Open(ctx); err != nil {
			return fmt.Errorf("open %s: %w", s.Provider, err)
		}
	}
	m.lost = make([]int, len(m.streams))
	return nil
}

// trade lets all providers trade until halt is called, and counts the connections that they lose.
func (m *measure) trade(ctx context.Context) (halt func() error) {
	trading, end := context.WithCancel(ctx)
	failed := make([]error, len(m.streams))
	var wait sync.WaitGroup
	for i, s := range m.streams {
		wait.Go(func() { failed[i] = s.Trade(trading) })
		wait.Go(func() {
			for last := s.Left(); pause.For(trading, lookEvery); {
				if now := s.Left(); now.After(last) {
					last = now
					m.lost[i]++
				}
			}
		})
	}
	return func() error {
		end()
		wait.Wait()
		return errors.Join(failed...)
	}
}

// back waits until every provider has a request granted that it made from now on.
func (m *measure) back(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, backBound)
	defer cancel()
	for _, s := range m.streams {
		s.Await()
	}
	for _, s := range m.streams {
		for {
			if _, yes := s.Resumed(); yes {
				break
			}
			if !pause.For(ctx, lookEvery) {
				return time.Since(began), errors.New("a provider was not served again in time")
			}
		}
	}
	return time.Since(began), nil
}

func (m *measure) finish(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, endBound)
	defer cancel()
	var all error
	for _, s := range m.streams {
		all = errors.Join(all, s.Finish(ctx), s.Agree(ctx))
	}
	return all
}

func (m *measure) figures() (f traffic.Figures) {
	for _, s := range m.streams {
		f = f.Add(s.Figures())
	}
	return f
}

func sum(all []int) (n int) {
	for _, one := range all {
		n += one
	}
	return n
}
