package traffic

import (
	"context"
	"strings"
	"time"

	"fxcore/scripts/internal/desk"
	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/internal/witness"
	"fxcore/scripts/testbench/faults/internal/schedule"
	"fxcore/scripts/testbench/oracle/record"
)

// newFIX returns a provider that uses FIX.
func newFIX(s schedule.Stream, set Setting) (Stream, error) {
	const numbers = "select next_in, next_out from fixgateway.session where name like '%->' || $1"
	return newTrader(s, set, numbers, func(w *record.Writer) (seat, error) {
		late, err := lapsed(set.Records, s.Provider, set.now())
		if err != nil {
			return nil, err
		}
		t, err := witness.NewTrader(session(s.Provider, set.Door), w, set.Run, s.Seed)
		if err != nil {
			return nil, err
		}
		t.UseChecks(desk.Checks{Parts: true, Named: true, Quotes: true}, set.Board, late)
		return fix{t}, nil
	})
}

// fix is a trader whose session never ends by itself.
type fix struct{ *witness.Trader }

// Run keeps the session until ctx ends.
func (f fix) Run(ctx context.Context) error {
	f.Trader.Run(ctx)
	return nil
}

// session returns how a demo provider connects. The test providers with an even number speak FIX 5.0SP2.
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

// heartbeat is short, so that a provider notices a dead connection within a run.
const heartbeat = 2 * time.Second
