// Package failover measures how long a provider is without its session when the gateway instance that serves it is killed,
// and when the session is moved in good order; and that nothing is lost or doubled by it.
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

// Setting says what is measured.
type Setting struct {
	Kinds []string // gateways: fix, socket
	Runs  int      // of each kind of harm, for each gateway
	Rate  int      // requests a second, of all providers of a gateway together
	Out   io.Writer
}

// Bounds and pauses.
const (
	openBound = 30 * time.Second
	awayBound = 30 * time.Second // for one provider to be served again
	backBound = 30 * time.Second // for a killed instance to be ready again
	endBound  = 2 * time.Minute  // for the last answers
	restBound = time.Minute      // for the core to come to rest
	steadyFor = time.Second      // of undisturbed trading between two runs
	settleFor = 20 * time.Second // before the first: the plan has given everybody a home, and moved who was elsewhere
	lookEvery = time.Millisecond
)

// providers are those of the demo that trade, by gateway.
func providers() map[string][]string {
	return map[string][]string{"fix": {"TEST5", "TEST6"}, "socket": {"STEST1", "STEST2"}}
}

// Measure runs all there is to run against a core that runs, and fails if a provider was not served again.
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
		r.Violations = append(r.Violations, v.String())
	}
	return r, err
}

// gateway is one kind of gateway under measurement.
type gateway struct {
	Setting
	core  *trial.Core
	kind  string
	kills []time.Duration
	moves []time.Duration
	users []user
}

// user is a provider that trades.
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
	return errors.Join(err, halt(), g.finish(ctx))
}

// runs moves first, and kills then: a move goes to an instance that has been there for a while, as the plan's own do. One
// that is still starting has no processor to spare on a small machine.
func (g *gateway) runs(ctx context.Context) error {
	for i := range g.Runs {
		u := g.users[i%len(g.users)]
		if err := g.move(ctx, u); err != nil {
			return fmt.Errorf("run %d: moved: %w", i+1, err)
		}
		g.say(i, u, "a move", g.moves)
	}
	for i := range g.Runs {
		u := g.users[i%len(g.users)]
		if err := g.kill(ctx, u); err != nil {
			return fmt.Errorf("run %d: killed: %w", i+1, err)
		}
		g.say(i, u, "a kill", g.kills)
	}
	return nil
}

func (g *gateway) say(run int, u user, what string, took []time.Duration) {
	_, _ = fmt.Fprintf(g.Out, "%s run %d of %d: %s back %d ms after %s\n", g.kind, run+1, g.Runs, u.provider, took[run].Milliseconds(), what)
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
