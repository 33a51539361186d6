package run

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"
)

// phase is the step of a program's life that is under way. For the health it is a check, which fails until everything has
// started.
type phase struct {
	mu   sync.Mutex
	what string // "" once everything runs
	why  string // what the step that is under way waits for
}

func (p *phase) set(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.what, p.why = what, ""
}

// waiting notes why a step has not succeeded yet; a nil err says that it has. It tells whether that is news.
func (p *phase) waiting(name string, err error) (news bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	why := ""
	if err != nil {
		why = name + ": " + err.Error()
	}
	news = p.why != why
	p.why = why
	return news
}

func (p *phase) check(context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.why != "":
		return errors.New(p.why)
	case p.what != "":
		return errors.New(p.what)
	}
	return nil
}

// The first and the longest pause between tries. Pauses grow, so that a server that comes back is not overrun. They stop growing,
// so that its return is noticed soon.
const (
	firstPause = 100 * time.Millisecond
	lastPause  = 3 * time.Second
)

// forever calls try until it succeeds or the context ends.
func forever(ctx context.Context, try func(ctx context.Context) error) error {
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		err := try(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(pause/2 + rand.N(pause)): //nolint:gosec // spreads replicas, keeps no secret
		}
	}
}
