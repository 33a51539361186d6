// Command provider plays the demo's external providers. It keeps their FIX sessions open and trades on them at the
// demo market's rates, with a mistake now and then, until it is stopped.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"fxcore/lambda/config"
	"fxcore/lambda/run"
	"fxcore/scripts/demo/provider/internal/seat"
	"fxcore/scripts/internal/desk"
	"fxcore/scripts/internal/fixwire"
	"fxcore/services/clock"
)

type settings struct {
	config.Base
	Gateway string      `env:"FIX_ADDR,required"`   // host:port of the gateway
	Rate    float64     `env:"RATE" envDefault:"5"` // requests a second, of all providers together
	Clock   clock.Alone // providers deal on the bank's day
	Seed    uint64      `env:"SEED" envDefault:"20261030"` // of the random choices
}

// Validate returns an error if the rate is out of range.
func (s settings) Validate() error {
	if s.Rate <= 0 || s.Rate > 500 {
		return errors.New("RATE must be above 0 and at most 500; for a higher rate use make bench")
	}
	return nil
}

const (
	gateway   = "FXCORE" // TargetCompID
	heartbeat = 30 * time.Second
	reporting = time.Minute
)

// firms returns the demo's providers and the FIX version of each.
func firms() []fixwire.Config {
	return []fixwire.Config{
		{Sender: "ALPHA", Begin: fixwire.FIX44},
		{Sender: "BETA", Begin: fixwire.FIXT11},
		{Sender: "GAMMA", Begin: fixwire.FIX44},
		{Sender: "DELTA", Begin: fixwire.FIXT11},
	}
}

func main() {
	run.Version()
	run.Healthy()
	app, err := simulator(config.MustLoad[settings]())
	if err != nil {
		fmt.Fprintln(os.Stderr, "provider:", err)
		os.Exit(1)
	}
	os.Exit(app.Run())
}

func simulator(cfg settings) (*run.App, error) {
	app := run.New("provider", cfg.Base)
	seats, err := take(cfg, time.Now(), app.Log)
	if err != nil {
		return nil, err
	}
	bank := clock.FollowAlone(app, cfg.Clock)
	for _, s := range seats {
		s.By(bank.Now)
		app.Go(s.Provider(), s.Run)
	}
	app.Go("report", func(ctx context.Context) error { return report(ctx, seats, app.Log) })
	return app, nil
}

// take makes a seat for each firm. References begin with the firm and the start time, so that two runs never use the
// same one.
func take(cfg settings, now time.Time, log *slog.Logger) ([]*seat.Seat, error) {
	all := firms()
	seats := make([]*seat.Seat, 0, len(all))
	for i, session := range all {
		seed := cfg.Seed + uint64(i) //nolint:gosec // a small index
		d, err := desk.New(fmt.Sprintf("%s-%s-", session.Sender, now.UTC().Format("20060102150405")), seed)
		if err != nil {
			return nil, err
		}
		user := strings.ToLower(session.Sender)
		session.Address, session.Target, session.Heartbeat = cfg.Gateway, gateway, heartbeat
		session.Username, session.Password = user, user+"-demo"
		seats = append(seats, seat.New(session, d, cfg.Rate/float64(len(all)), seed, log))
	}
	return seats, nil
}

// report logs one line a minute for each provider.
func report(ctx context.Context, seats []*seat.Seat, log *slog.Logger) error {
	tick := time.NewTicker(reporting)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		for _, s := range seats {
			c := s.Tally()
			log.Info("trading", "labels.provider", s.Provider(), "sent", c.Sent, "granted", c.Granted, "rejected", c.Rejected,
				"rejected_as_meant", c.Flawed, "not_understood", c.Refused, "last_fault", c.LastFault)
		}
	}
}
