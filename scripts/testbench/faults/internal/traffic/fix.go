package traffic

import (
	"context"
	"strings"
	"time"

	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/internal/witness"
	"fxcore/scripts/testbench/faults/internal/schedule"
	"fxcore/scripts/testbench/oracle/record"
)

// newFIX is a provider with a FIX session.
func newFIX(s schedule.Stream, set Setting) (Stream, error) {
	const numbers = "select next_in, next_out from fixgateway.session where name like '%->' || $1"
	return newTrader(s, set, numbers, func(w *record.Writer) (desk, error) {
		t, err := witness.NewTrader(session(s.Provider, set.Door), w, set.Run, s.Seed)
		return fix{t}, err
	})
}

// fix is a trader whose session goes on for ever.
type fix struct{ *witness.Trader }

// Run keeps the session until ctx ends.
func (f fix) Run(ctx context.Context) error {
	f.Trader.Run(ctx)
	return nil
}

// session is how a provider of the demo connects. Of those for tests, the even ones speak FIX 5.0SP2.
func session(provider, door string) fixwire.Config {
	cfg := fixwire.Config{
		Address: door, Begin: fixwire.FIX44, Sender: provider, Target: "FXCORE", Heartbeat: heartbeat,
		Username: strings.ToLower(provider), Password: strings.ToLower(provider) + "-demo",
	}
	if strings.ContainsAny(provider[len(provider)-1:], "2468") {
		cfg.Begin = fixwire.FIXT11
	}
	return cfg
}

// heartbeat is short, so that a dead connection is found while a run lasts.
const heartbeat = 2 * time.Second
