// Package month runs a core through business days that are run ahead, with trades on each of them, and judges the result.
package month

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/scripts/internal/bankday"
	"fxcore/scripts/internal/pause"
	"fxcore/scripts/internal/programs"
	"fxcore/scripts/internal/stack"
	"fxcore/scripts/testbench/oracle"
	"fxcore/scripts/testbench/oracle/stores"
)

// Settings say what to run, and where.
type Settings struct {
	Days   int
	Trades int    // of each day, at least
	From   string // first day, YYYY-MM-DD; empty: the next business day
	Bin    string // folder of the programs
	Folder string // of the core; everything in it is removed first
	Out    io.Writer
}

// month is a core whose days are run.
type month struct {
	Settings
	stack  *stack.Stack
	places stores.Places
	bank   *bankday.Bank
	conn   *pgx.Conn
	seats  []seat
	jumps  []oracle.Jump
	ahead  atomic.Int64 // how far the bank's clock is ahead, in nanoseconds
	began  time.Time    // the first day, by the bank's clock
	result Result
}

// Run starts an empty core, runs the days and judges. The error says why that was not possible. A promise that was not kept is in
// the result.
func Run(ctx context.Context, s Settings) (Result, error) {
	began := time.Now()
	m := &month{Settings: s}
	err := m.start(ctx)
	if err == nil {
		err = m.all(ctx)
	}
	err = errors.Join(err, m.stop(context.WithoutCancel(ctx)))
	m.result.Seconds = time.Since(began).Seconds()
	return m.result, err
}

func (m *month) start(ctx context.Context) (err error) {
	if err := stack.Clean(ctx, m.Bin, m.Folder); err != nil {
		return err
	}
	if err := os.RemoveAll(m.records()); err != nil {
		return fmt.Errorf("remove records: %w", err)
	}
	if err := os.MkdirAll(m.records(), 0o750); err != nil {
		return fmt.Errorf("make the folder of records: %w", err)
	}
	m.say("starting an empty core in %s", m.Folder)
	if m.stack, err = stack.Start(ctx, m.Bin, m.Folder, m.Out, "CLOCK_MAY_RUN_AHEAD=true"); err != nil {
		return err
	}
	if m.places, err = stores.Find(ctx, m.stack, programs.Names(programs.Carriers())); err != nil {
		return err
	}
	m.places.Clock = m.now
	if m.bank, err = bankday.Open(ctx, m.places.Mainframe, m.places.Postgres, func(string) {}); err != nil {
		return err
	}
	m.conn, err = pgx.Connect(ctx, m.places.Postgres)
	return err
}

func (m *month) records() string { return filepath.Join(m.Folder, "records") }

// stop leaves the data in the folder.
func (m *month) stop(ctx context.Context) error {
	var err error
	for _, s := range m.seats {
		err = errors.Join(err, s.close())
	}
	if m.conn != nil {
		_ = m.conn.Close(ctx)
	}
	if m.bank != nil {
		_ = m.bank.Close(ctx)
	}
	if m.stack != nil {
		err = errors.Join(err, m.stack.Stop())
	}
	return err
}

// now is the bank's clock.
func (m *month) now() time.Time { return time.Now().Add(time.Duration(m.ahead.Load())) }

// all runs the days and judges.
func (m *month) all(ctx context.Context) error {
	begin := m.bank.Next
	if m.From != "" {
		begin = func(ctx context.Context) error { return m.bank.Morning(ctx, m.From) }
	}
	if err := m.turn(ctx, begin); err != nil {
		return err
	}
	m.began = m.now()
	if err := m.open(ctx); err != nil {
		return err
	}
	for m.result.Days < m.Days {
		if err := m.day(ctx); err != nil {
			return err
		}
	}
	return m.judge(ctx)
}

// follow is how long the core may take to follow a jump of the clock: programs look at it once a second, and the static data are
// asked for anew. Requests before that may be refused.
const follow = 4 * time.Second

// turn moves the bank's clock.
func (m *month) turn(ctx context.Context, move func(context.Context) error) error {
	if err := move(ctx); err != nil {
		return err
	}
	at, err := m.bank.Look(ctx)
	if err != nil {
		return err
	}
	from := m.now()
	m.ahead.Store(int64(at.Ahead()))
	m.jumps = append(m.jumps, oracle.Jump{From: from, To: m.now()})
	if !pause.For(ctx, follow) {
		return ctx.Err()
	}
	return nil
}

// day trades, ends the day and begins the next one.
func (m *month) day(ctx context.Context) error {
	began := time.Now()
	at, err := m.bank.Look(ctx)
	if err != nil {
		return err
	}
	traded, err := m.trade(ctx)
	if err != nil {
		return fmt.Errorf("trade on %s: %w", at.Day, err)
	}
	if err := m.turn(ctx, m.bank.Next); err != nil {
		return fmt.Errorf("end %s: %w", at.Day, err)
	}
	legs, err := m.bank.Legs(ctx)
	if err != nil {
		return err
	}
	m.result.Days++
	m.say("day %2d of %d, %s %s: %s; all legs so far: %d settled, %d wait for their date, %d failed; %.0f s",
		m.result.Days, m.Days, at.Now.Format("Mon"), at.Day, traded, legs.Settled, legs.Open, legs.Failed, time.Since(began).Seconds())
	return nil
}

func (m *month) say(format string, values ...any) {
	_, _ = fmt.Fprintf(m.Out, time.Now().Format("15:04:05 ")+format+"\n", values...) // to a terminal
}
