// Package failover measures how long a provider is without a session after its gateway instance was killed, and after
// on-call has moved the session. It checks that no request is lost or doubled.
package failover

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"fxcore/scripts/testbench/faults/internal/schedule"
	"fxcore/scripts/testbench/faults/internal/traffic"
	"fxcore/scripts/testbench/faults/internal/trial"
)

// Setting says what to measure.
type Setting struct {
	Kinds []string // the gateways: fix, socket
	Runs  int      // runs of each kind of harm, for each gateway
	Rate  int      // requests a second, of all providers of a gateway together
	Out   io.Writer
}

// Bounds and pauses.
const (
	openBound = 30 * time.Second
	awayBound = 30 * time.Second // until a provider is served again
	backBound = 30 * time.Second // until a killed instance is ready again
	endBound  = 2 * time.Minute  // until the last answer
	restBound = time.Minute      // until the core is at rest
	steadyFor = time.Second      // undisturbed trading between two runs
	settleFor = 20 * time.Second // before the first run: the plan has given each provider a home, and has moved it there
	lookEvery = time.Millisecond
)

// providers returns the demo's providers that trade, by gateway.
func providers() map[string][]string {
	return map[string][]string{"fix": {"TEST5", "TEST6"}, "socket": {"STEST1", "STEST2"}}
}

// Measure makes all runs against a running core. It returns an error if a provider was not served again in time.
func Measure(ctx context.Context, core *trial.Core, s Setting) (Report, error) {
	r := Report{At: time.Now().UTC(), Gateways: map[string]Gateway{}, Violations: []string{}}
	for _, kind := range s.Kinds {
		g := &gateway{Setting: s, core: core, kind: kind}
		err := g.measure(ctx)
		r.Gateways[kind] = g.result()
		if err != nil {
			return r, fmt.Errorf("gateway %s: %w", kind, err)
		}
	}
	judging, cancel := context.WithTimeout(ctx, restBound)
	defer cancel()
	found, e, err := core.Judge(judging)
	r.count(e)
	for _, v := range found {
		r.Violations = append(r.Violations, v.Detailed())
	}
	return r, err
}

// gateway is one kind of gateway that is being measured.
type gateway struct {
	Setting
	core  *trial.Core
	kind  string
	kills []Away
	moves []Away
	users []user
}

// user is one provider that trades.
type user struct {
	provider string
	traffic.Stream
}

func (g *gateway) measure(ctx context.Context) (err error) {
	defer func() {
		for _, u := range g.users {
			err = errors.Join(err, u.Close())
		}
	}()
	if err := g.open(ctx); err != nil {
		return err
	}
	halt := g.trade(ctx)
	if err = g.trading(ctx, settleFor); err == nil {
		err = g.runs(ctx)
	}
	return errors.Join(err, halt(), g.finish(ctx), g.complete(ctx))
}

// runs first moves sessions and then kills instances. A move must go to an instance that has run for a while, as the
// plan's own moves do: on a small machine, an instance that is still starting uses the whole processor.
func (g *gateway) runs(ctx context.Context) error {
	for i := range g.Runs {
		u := g.users[i%len(g.users)]
		raw, err := g.raw(ctx, fmt.Sprintf("raw-move-%d", i))
		if err == nil {
			err = g.move(ctx, u, raw)
		}
		if err != nil {
			return fmt.Errorf("run %d, move: %w", i+1, err)
		}
		g.say(i, u, "a move", g.moves)
	}
	for i := range g.Runs {
		u := g.users[i%len(g.users)]
		raw, err := g.raw(ctx, fmt.Sprintf("raw-kill-%d", i))
		if err == nil {
			err = g.kill(ctx, u, raw)
		}
		if err != nil {
			return fmt.Errorf("run %d, kill: %w", i+1, err)
		}
		g.say(i, u, "a kill", g.kills)
	}
	return nil
}

func (g *gateway) say(run int, u user, what string, took []Away) {
	_, _ = fmt.Fprintf(g.Out, "%s run %d of %d: %s back %d ms after %s; the raw act took %d ms\n",
		g.kind, run+1, g.Runs, u.provider, took[run].Took.Milliseconds(), what, took[run].Raw.Total().Milliseconds())
}

func (g *gateway) open(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, openBound)
	defer cancel()
	providers := providers()[g.kind]
	for i, provider := range providers {
		s := schedule.Stream{Kind: g.kind, Provider: provider, PerSecond: g.Rate / len(providers), Seed: uint64(i + 1)} //nolint:gosec // small
		stream, err := g.core.Stream(s, "failover")
		if err != nil {
			return err
		}
		g.users = append(g.users, user{provider, stream})
		if err := stream.Open(ctx); err != nil {
			return err
		}
	}
	return nil
}
