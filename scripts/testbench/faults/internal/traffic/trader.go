package traffic

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"fxcore/scripts/internal/witness"
	"fxcore/scripts/testbench/faults/internal/schedule"
	"fxcore/scripts/testbench/oracle/record"
)

// trader is a provider with a desk. It is independent of the protocol. It sends orders, reports, and line checks that
// are consumed, cancelled, reversed or used by trades, in whole or in part, too late or twice, or left to lapse. It makes a
// mistake now and then.
type trader struct {
	seat
	setting Setting
	rate    int
	numbers string // query for the stored next sequence numbers, in and out, of a provider
	file    *os.File
	record  *record.Writer

	leave   context.CancelFunc
	running sync.WaitGroup
	ended   error // why the session ended; read it after running
}

// seat is a trader of package witness.
type seat interface {
	Provider() string
	Run(ctx context.Context) error
	Connected(ctx context.Context) error
	Trade(ctx context.Context, perSecond int) error
	Mark()
	Await()
	Left() time.Time
	Finish(ctx context.Context) error
	Numbers() (out, in int)
	Progress() witness.Progress
	UseClock(bank func() time.Time)
}

// newTrader creates the record and calls open for the seat that writes it.
func newTrader(s schedule.Stream, set Setting, numbers string, open func(*record.Writer) (seat, error)) (Stream, error) {
	file, err := os.Create(filepath.Join(set.Records, set.Run+"-"+s.Provider+".jsonl"))
	if err != nil {
		return nil, fmt.Errorf("open record: %w", err)
	}
	t := &trader{setting: set, rate: s.PerSecond, numbers: numbers, file: file, record: record.NewWriter(file), leave: func() {}}
	if t.seat, err = open(t.record); err != nil {
		_ = file.Close()
		return nil, err
	}
	t.UseClock(set.now)
	return t, nil
}

// Open logs on.
func (t *trader) Open(ctx context.Context) error {
	living, leave := context.WithCancel(context.WithoutCancel(ctx))
	t.leave = leave
	t.running.Go(func() { t.ended = t.Run(living) })
	if err := t.Connected(ctx); err != nil {
		return err
	}
	t.Mark()
	return nil
}

// Trade makes requests at the stream's rate until ctx ends.
func (t *trader) Trade(ctx context.Context) error { return t.seat.Trade(ctx, t.rate) }

// Resumed returns when the first request made after Await was granted; false if none was.
func (t *trader) Resumed() (time.Time, bool) {
	at := t.Progress().Resumed
	return at, !at.IsZero()
}

// Figures returns what the provider saw.
func (t *trader) Figures() Figures {
	p := t.Progress()
	return Figures{Requests: p.Asked, Granted: p.Accepted, Rejected: p.Rejected, Silence: p.Stall}
}

// Close logs out and completes the record.
func (t *trader) Close() error {
	t.leave()
	t.running.Wait()
	return errors.Join(t.ended, t.record.Err(), t.file.Close())
}
