// Command socket is the gateway to providers that connect by SoupBinTCP 3.00. It turns their messages into events and the
// events that end a story into their answers, keeps their sessions, and decides nothing.
//
//	socket -hash       reads a password and prints its hash for the provider file
//	socket -describe   prints what it declares at the broker
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"time"

	"fxcore/gateways/internal/credential"
	"fxcore/gateways/internal/duty"
	"fxcore/gateways/internal/roster"
	"fxcore/gateways/internal/store"
	"fxcore/gateways/socket/internal/front"
	"fxcore/gateways/socket/internal/messages"
	"fxcore/gateways/socket/internal/provider"
	"fxcore/gateways/socket/internal/session"
	"fxcore/lambda/amqp"
	"fxcore/lambda/config"
	"fxcore/lambda/lease"
	"fxcore/lambda/postgres"
	"fxcore/lambda/run"
)

type settings struct {
	config.Base
	AMQP       amqp.Config
	Postgres   postgres.Config
	Lease      lease.Config
	Front      front.Config    `envPrefix:"SOCKET_"`
	Retention  store.Retention `envPrefix:"SOCKET_"`
	Providers  string          `env:"SOCKET_PROVIDERS,required"`               // who may connect: JSON, see the README
	File       string          `env:"SOCKET_PROVIDERS_FILE"`                   // where it was read from, if from a file, and will be again
	Deadline   time.Duration   `env:"SOCKET_DEADLINE" envDefault:"60s"`        // of a request, from its transacted_at
	QueueLimit int             `env:"SOCKET_QUEUE_LIMIT" envDefault:"4096"`    // requests of one provider that wait for the broker
	UnderWay   int             `env:"SOCKET_BATCHES_UNDER_WAY" envDefault:"2"` // of a provider's requests, unconfirmed by the broker
}

// Validate names what is out of range.
func (s settings) Validate() error {
	_, err := provider.Parse([]byte(s.Providers))
	if s.Deadline <= 0 || s.QueueLimit < 1 || s.UnderWay < 1 {
		err = errors.Join(err, errors.New("SOCKET_DEADLINE, SOCKET_QUEUE_LIMIT and SOCKET_BATCHES_UNDER_WAY must be positive"))
	}
	return errors.Join(err, s.Front.Validate(), s.Lease.Validate())
}

func main() {
	if slices.Contains(os.Args[1:], "-hash") {
		os.Exit(credential.Command(os.Stdin, os.Stdout, os.Stderr))
	}
	run.Describe(messages.Topology(messages.Unnamed))
	cfg := config.MustLoad[settings]()
	os.Exit(gateway(cfg).Run())
}

func gateway(cfg settings, opened ...func(plain, secure net.Addr)) *run.App {
	app := run.New(messages.Gateway, cfg.Base)
	providers, err := provider.Parse([]byte(cfg.Providers))
	if err != nil {
		panic(fmt.Sprintf("settings were not validated: %v", err))
	}
	cfg.Postgres.MinConns = cfg.Postgres.MaxConns // who takes sessions over has them
	db := app.Postgres(cfg.Postgres, "socketgateway", lease.Migrations, store.Migrations)
	cfg.Retention.Ended = true // a provider may come for the rest of a session that has ended
	app.Go("retention", func(ctx context.Context) error { return store.Purge(ctx, db, cfg.Retention, app.Log) })
	bus := app.Bus(cfg.AMQP, messages.Topology(roster.Names(providers)...))
	door := newFront(app, cfg)
	app.Go("front", func(ctx context.Context) error { return door.Serve(ctx, opened...) })
	shared := session.Shared{
		Pool: db, Bus: bus, Deadline: cfg.Deadline, QueueLimit: cfg.QueueLimit, UnderWay: cfg.UnderWay,
		WriteTimeout: cfg.Front.WriteTimeout, Log: app.Log,
	}
	list := roster.Open(roster.Gateway[provider.Provider, *session.Seat]{
		NewSeat: func(p provider.Provider) *session.Seat { return session.NewSeat(p, shared) },
		Admit:   func(seats []*session.Seat) { admit(door, seats) },
		Queue:   messages.QueueOf, Bus: bus, Health: app.Health, Log: app.Log,
	}, providers)
	list.Hold(app, duty.Gateway{Name: messages.Gateway, Lease: cfg.Lease, DB: db, Bus: bus})
	list.Follow(app, cfg.File, cfg.Providers, provider.Parse)
	return app
}
