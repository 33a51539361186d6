package failover

import (
	"context"
	"errors"
	"fmt"
	"time"

	"fxcore/scripts/testbench/faults/internal/schedule"
)

// Raw is what the machine takes at this moment for what every failover must do, with nothing to wait for: one row of a lease is written, a
// provider connects and logs on, and a request of it is granted.
type Raw struct {
	Lease time.Duration // the row is written and committed
	Logon time.Duration // a provider connects and logs on
	Trade time.Duration // from then until its first request is granted
}

// Total is all of it.
func (r Raw) Total() time.Duration { return r.Lease + r.Logon + r.Trade }

// spare returns a provider that trades only to measure the raw act.
func spare(kind string) string {
	return map[string]string{"fix": "TEST4", "socket": "STEST4"}[kind]
}

const rawRate = 100 // requests a second: a request is due every 10 ms

// raw does the raw act once.
func (g *gateway) raw(ctx context.Context, run string) (r Raw, err error) {
	ctx, cancel := context.WithTimeout(ctx, openBound)
	defer cancel()
	if r.Lease, err = g.core.WriteLease(ctx); err != nil {
		return r, err
	}
	stream, err := g.core.Stream(schedule.Stream{Kind: g.kind, Provider: spare(g.kind), PerSecond: rawRate, Seed: 1}, run)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, stream.Close()) }()
	began := time.Now()
	if err := stream.Open(ctx); err != nil {
		return r, fmt.Errorf("log the spare provider on: %w", err)
	}
	r.Logon = time.Since(began)
	stream.Await()
	began = time.Now()
	trading, halt := context.WithCancel(ctx)
	traded := make(chan error, 1)
	go func() { traded <- stream.Trade(trading) }()
	err = wait(ctx, func() bool {
		at, yes := stream.Resumed()
		r.Trade = at.Sub(began)
		return yes
	})
	halt()
	return r, errors.Join(err, <-traded, stream.Finish(ctx))
}
