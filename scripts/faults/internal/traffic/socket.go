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
	"fxcore/scripts/internal/witness"
	"fxcore/scripts/oracle/record"
)

// socket is a provider that comes by the socket protocol, and asks for what the others ask for.
type socket struct {
	*witness.SocketTrader
	setting Setting
	rate    int
	file    *os.File
	record  *record.Writer

	leave   context.CancelFunc
	running sync.WaitGroup
	ended   error // read it after running
}

func newSocket(s schedule.Stream, set Setting) (Stream, error) {
	file, err := os.Create(filepath.Join(set.Records, set.Run+"-"+s.Provider+".jsonl"))
	if err != nil {
		return nil, fmt.Errorf("open record: %w", err)
	}
	k := &socket{setting: set, rate: s.PerSecond, file: file, record: record.NewWriter(file), leave: func() {}}
	user := strings.ToLower(s.Provider)
	cfg := witness.SocketConfig{Address: set.Door, Provider: s.Provider, Username: user, Password: user + "demo"}
	if k.SocketTrader, err = witness.NewSocketTrader(cfg, k.record, set.Run, s.Seed); err != nil {
		_ = file.Close()
		return nil, err
	}
	return k, nil
}

// Open logs in.
func (k *socket) Open(ctx context.Context) error {
	living, leave := context.WithCancel(context.WithoutCancel(ctx))
	k.leave = leave
	k.running.Go(func() { k.ended = k.Run(living) })
	if err := k.Connected(ctx); err != nil {
		return err
	}
	k.Mark()
	return nil
}

// Trade asks at the stream's rate.
func (k *socket) Trade(ctx context.Context) error { return k.SocketTrader.Trade(ctx, k.rate) }

// Resumed tells when something was granted that was asked for after Await.
func (k *socket) Resumed() (time.Time, bool) {
	at := k.Progress().Resumed
	return at, !at.IsZero()
}

// Agree holds what the provider received against what the gateway has sent.
func (k *socket) Agree(ctx context.Context) error {
	const query = "select next_in, next_out from socketgateway.session where name = 'socket:' || $1"
	return agree(ctx, k.setting.Postgres, k.Provider(), query, k.Numbers)
}

// Figures are what the provider saw.
func (k *socket) Figures() Figures {
	p := k.Progress()
	return Figures{Requests: p.Asked, Granted: p.Accepted, Rejected: p.Rejected, Silence: p.Stall}
}

// Close logs out.
func (k *socket) Close() error {
	k.leave()
	k.running.Wait()
	return errors.Join(k.ended, k.record.Err(), k.file.Close())
}
