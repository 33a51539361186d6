package traffic

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"fxcore/scripts/faults/internal/schedule"
	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/internal/witness"
	"fxcore/scripts/oracle/record"
)

// fix is a provider with a FIX session: deals, reports, line checks that are consumed, cancelled or left to lapse, and a
// mistake now and then.
type fix struct {
	*witness.Trader
	setting Setting
	rate    int
	file    *os.File
	record  *record.Writer

	leave   context.CancelFunc
	running sync.WaitGroup
}

func newFIX(s schedule.Stream, set Setting) (Stream, error) {
	file, err := os.Create(filepath.Join(set.Records, set.Run+"-"+s.Provider+".jsonl"))
	if err != nil {
		return nil, fmt.Errorf("open record: %w", err)
	}
	f := &fix{setting: set, rate: s.PerSecond, file: file, record: record.NewWriter(file), leave: func() {}}
	if f.Trader, err = witness.NewTrader(session(s.Provider, set.Door), f.record, set.Run, s.Seed); err != nil {
		_ = file.Close()
		return nil, err
	}
	return f, nil
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

// Open logs on.
func (f *fix) Open(ctx context.Context) error {
	living, leave := context.WithCancel(context.WithoutCancel(ctx))
	f.leave = leave
	f.running.Go(func() { f.Run(living) })
	if err := f.Connected(ctx); err != nil {
		return err
	}
	f.Mark()
	return nil
}

// Trade asks at the stream's rate.
func (f *fix) Trade(ctx context.Context) error { return f.Trader.Trade(ctx, f.rate) }

// Resumed tells when something was granted that was asked for after Await.
func (f *fix) Resumed() (time.Time, bool) {
	at := f.Progress().Resumed
	return at, !at.IsZero()
}

// Figures are what the provider saw.
func (f *fix) Figures() Figures {
	p := f.Progress()
	return Figures{Requests: p.Asked, Granted: p.Accepted, Rejected: p.Rejected, Silence: p.Stall}
}

// Close logs out.
func (f *fix) Close() error {
	f.leave()
	f.running.Wait()
	return errors.Join(f.record.Err(), f.file.Close())
}
