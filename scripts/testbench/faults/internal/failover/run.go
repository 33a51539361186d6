package failover

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"fxcore/scripts/internal/pause"
)

// trade lets all providers trade until halt is called. halt returns the errors of providers that ended earlier.
func (g *gateway) trade(ctx context.Context) (halt func() error) {
	trading, end := context.WithCancel(ctx)
	failed := make([]error, len(g.users))
	var wait sync.WaitGroup
	for i, u := range g.users {
		wait.Go(func() { failed[i] = u.Trade(trading) })
	}
	return func() error {
		end()
		wait.Wait()
		return errors.Join(failed...)
	}
}

func (g *gateway) finish(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, endBound)
	defer cancel()
	var all error
	for _, u := range g.users {
		all = errors.Join(all, u.Finish(ctx), u.Agree(ctx))
	}
	return all
}

// kill kills the instance that serves a provider. It measures the time until the core grants a request that the
// provider made after the kill.
func (g *gateway) kill(ctx context.Context, u user, raw Raw) error {
	victim, err := g.holder(ctx, u)
	if err != nil {
		return err
	}
	if err := g.core.Kill(victim); err != nil {
		return err
	}
	began := time.Now()
	u.Await()
	took, err := g.resumed(ctx, u, began)
	if err != nil {
		return err
	}
	away, err := g.measured(ctx, u, began, took, raw)
	if err != nil {
		return err
	}
	g.kills = append(g.kills, away)
	return g.steady(ctx)
}

// move lets on-call move a provider's session to the other instance. It measures the time from the end of the old
// session.
func (g *gateway) move(ctx context.Context, u user, raw Raw) error {
	if _, err := g.holder(ctx, u); err != nil {
		return err
	}
	before := u.Left()
	moving := make(chan error, 1)
	go func() { moving <- g.core.Move(ctx, u.provider, g.kind) }()
	left, err := g.left(ctx, u, before)
	if err != nil {
		return errors.Join(err, <-moving)
	}
	u.Await()
	took, err := g.resumed(ctx, u, left)
	if err = errors.Join(err, <-moving); err != nil {
		return err
	}
	away, err := g.measured(ctx, u, left, took, raw)
	if err != nil {
		return err
	}
	g.moves = append(g.moves, away)
	return g.steady(ctx)
}

// holder waits until an instance serves the provider, because the plan may be moving its session. It returns the
// instance's id.
func (g *gateway) holder(ctx context.Context, u user) (id string, err error) {
	var last error
	err = wait(ctx, func() bool {
		id, last = g.core.Holder(ctx, g.kind, u.provider)
		return last == nil
	})
	if err != nil {
		return "", fmt.Errorf("wait for an instance to serve %s: %w: %w", u.provider, err, last)
	}
	return id, nil
}

// left waits until the provider's session ends after the given time, and returns when it ended.
func (g *gateway) left(ctx context.Context, u user, before time.Time) (at time.Time, err error) {
	err = wait(ctx, func() bool {
		at = u.Left()
		return at.After(before)
	})
	if err != nil {
		return at, fmt.Errorf("the session of %s did not end: %w", u.provider, err)
	}
	return at, nil
}

func (g *gateway) resumed(ctx context.Context, u user, since time.Time) (away time.Duration, err error) {
	err = wait(ctx, func() bool {
		at, yes := u.Resumed()
		away = at.Sub(since)
		return yes
	})
	if err != nil {
		return 0, fmt.Errorf("%s was not served again: %w", u.provider, err)
	}
	return away, nil
}

// steady waits until every process is ready, and lets the providers trade for a while.
func (g *gateway) steady(ctx context.Context) error {
	waiting, cancel := context.WithTimeout(ctx, backBound)
	defer cancel()
	if err := g.core.AwaitReady(waiting); err != nil {
		return err
	}
	return g.trading(ctx, steadyFor)
}

// trading lets the providers trade for a while.
func (g *gateway) trading(ctx context.Context, d time.Duration) error {
	pause.For(ctx, d)
	return ctx.Err()
}

func wait(ctx context.Context, until func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, awayBound)
	defer cancel()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for !until() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	return nil
}
