package month

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"fxcore/scripts/internal/apiclient"
	"fxcore/scripts/internal/desk"
	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/internal/witness"
	"fxcore/scripts/testbench/oracle/record"
)

// trader is a trader of package witness.
type trader interface {
	Provider() string
	Run(ctx context.Context) error
	Connected(ctx context.Context) error
	Trade(ctx context.Context, perSecond int) error
	Finish(ctx context.Context) error
	Progress() witness.Progress
	UseClock(bank func() time.Time)
}

// seat is a trader that is logged on for the whole month.
type seat struct {
	trader
	perSecond int
	close     func() error
}

// Requests a second of each trader. The providers by FIX speak 4.4 and 5.0SP2.
const (
	fixRate    = 30
	socketRate = 25
	apiRate    = 30
)

// apiUser is the demo's system that acts for all clients.
const apiUser = "U0020"

const logonBound = 2 * time.Minute

// open logs all providers on.
func (m *month) open(ctx context.Context) error {
	r, err := m.stack.Record()
	if err != nil {
		return err
	}
	client, err := apiclient.Open(r.URLs["api"], m.Folder, apiUser)
	if err != nil {
		return err
	}
	board := &witness.Board{}
	for i, open := range []func(w *record.Writer, seed uint64) (trader, int, error){
		fixTrader("TEST1", r.URLs["fix"], board), fixTrader("TEST2", r.URLs["fix"], board), fixTrader("TEST3", r.URLs["fix"], board),
		socketTrader("STEST1", r.URLs["socket"], board), socketTrader("STEST2", r.URLs["socket"], board), apiTrader(client),
	} {
		if err := m.seat(ctx, uint64(i+1), open); err != nil { //nolint:gosec // a handful
			return err
		}
	}
	return nil
}

const label = "month"

func fixTrader(provider, address string, board *witness.Board) func(*record.Writer, uint64) (trader, int, error) {
	cfg := fixwire.Config{
		Address: address, Begin: fixwire.FIX44, Sender: provider, Target: "FXCORE", Heartbeat: 10 * time.Second,
		Username: strings.ToLower(provider), Password: strings.ToLower(provider) + "-demo",
	}
	if strings.HasSuffix(provider, "2") {
		cfg.Begin = fixwire.FIXT11
	}
	return func(w *record.Writer, seed uint64) (trader, int, error) {
		t, err := witness.NewTrader(cfg, w, label, seed)
		if err != nil {
			return nil, 0, err
		}
		t.UseChecks(desk.Checks{Parts: true, Named: true}, board, nil)
		return fix{t}, fixRate, nil
	}
}

// fix is a trader whose session never ends by itself.
type fix struct{ *witness.Trader }

// Run keeps the session until ctx ends.
func (f fix) Run(ctx context.Context) error {
	f.Trader.Run(ctx)
	return nil
}

func socketTrader(provider, address string, board *witness.Board) func(*record.Writer, uint64) (trader, int, error) {
	user := strings.ToLower(provider)
	cfg := witness.SocketConfig{Address: address, Provider: provider, Username: user, Password: user + "demo"}
	return func(w *record.Writer, seed uint64) (trader, int, error) {
		t, err := witness.NewSocketTrader(cfg, w, label, seed)
		if err != nil {
			return nil, 0, err
		}
		t.UseChecks(desk.Checks{Parts: true}, board, nil)
		return t, socketRate, nil
	}
}

func apiTrader(client *apiclient.Client) func(*record.Writer, uint64) (trader, int, error) {
	return func(w *record.Writer, seed uint64) (trader, int, error) {
		t, err := witness.NewAPITrader(client, w, label, seed)
		return t, apiRate, err
	}
}

// seat logs a trader on, and begins its record.
func (m *month) seat(ctx context.Context, seed uint64, open func(*record.Writer, uint64) (trader, int, error)) error {
	file, err := os.Create(filepath.Join(m.records(), fmt.Sprintf("%d.jsonl", seed)))
	if err != nil {
		return fmt.Errorf("open record: %w", err)
	}
	w := record.NewWriter(file)
	t, rate, err := open(w, seed)
	if err != nil {
		return errors.Join(err, file.Close())
	}
	t.UseClock(m.now)
	living, leave := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	var ended error
	running.Go(func() { ended = t.Run(living) })
	m.seats = append(m.seats, seat{t, rate, func() error {
		leave()
		running.Wait()
		return errors.Join(ended, w.Err(), file.Close())
	}})
	waiting, cancel := context.WithTimeout(ctx, logonBound)
	defer cancel()
	return t.Connected(waiting)
}
