// Package instance assembles one instance of a gateway, for any protocol: its servers, its providers and their leases. The
// protocol supplies the door and the sessions.
package instance

import (
	"context"
	"fmt"
	"net"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/gateways/internal/absence"
	"fxcore/gateways/internal/barred"
	"fxcore/gateways/internal/duty"
	"fxcore/gateways/internal/lifecycle"
	"fxcore/gateways/internal/roster"
	"fxcore/gateways/internal/seat"
	"fxcore/gateways/internal/store"
	"fxcore/lambda/amqp"
	"fxcore/lambda/lease"
	"fxcore/lambda/run"
	"fxcore/services/clock"
)

// Protocol describes a gateway.
type Protocol[P roster.Provider[P]] struct {
	Name      string // the first word of its instances' names, and the origin of their reports
	Schema    string
	Providers func(file []byte) ([]P, error) // reads the provider file
	Topology  func(providers ...string) amqp.Topology
	Queue     func(provider string) amqp.Queue // of the answers to a provider
	KeepEnded bool                             // keeps messages of ended generations, because a provider may ask for them
}

// Door lets the providers in.
type Door[P roster.Provider[P], S seat.Session[P]] interface {
	Serve(ctx context.Context, opened ...func(plain, secure net.Addr)) error
	Admit(seats []*seat.Seat[P, S])
	Waiting() (waiting, turnedAway int)
	Alarm(ctx context.Context) error
	LeftOut() (lines, passwords int)
	Bar(barred func(provider string) bool)
	Recheck()
	Revocations(ctx context.Context) error
}

// Instance is one instance of a gateway. Its servers are registered. Call Serve next.
type Instance[P roster.Provider[P]] struct {
	Shared lifecycle.Shared // for all its sessions

	app       *run.App
	protocol  Protocol[P]
	rules     Rules
	lease     lease.Config
	providers []P
	db        *pgxpool.Pool
	bus       *amqp.Bus
}

// Open registers the servers of an instance. The settings must be valid.
func Open[P roster.Provider[P]](app *run.App, s Servers, r Rules, p Protocol[P]) *Instance[P] {
	providers, err := p.Providers([]byte(r.Providers))
	if err != nil {
		panic(fmt.Sprintf("settings were not validated: %v", err))
	}
	i := &Instance[P]{app: app, protocol: p, rules: r, lease: s.Lease, providers: providers}
	s.Postgres.MinConns = s.Postgres.MaxConns // a takeover needs them at once
	i.db = app.Postgres(s.Postgres, p.Schema, lease.Migrations, store.Migrations, absence.Migrations, barred.Migrations)
	r.Retention.Ended = p.KeepEnded
	bank := clock.FollowAlone(app, s.Clock)
	r.Retention.Around = bank.Now
	app.Go("inbox retention", func(ctx context.Context) error { return store.PurgeInbox(ctx, i.db, r.Retention, app.Log) })
	app.Go("retention", func(ctx context.Context) error { return store.Purge(ctx, i.db, r.Retention, app.Log) })
	i.bus = app.Bus(s.AMQP, p.Topology(roster.Names(providers)...))
	app.Go("refused messages", store.Outbox{Pool: i.db, Publish: i.bus.Publish, Log: app.Log}.Run)
	i.Shared = lifecycle.Shared{
		Pool: i.db, Bus: i.bus, Queue: func(provider string) string { return p.Queue(provider).Name },
		Deadline: r.Deadline, QueueLimit: r.QueueLimit, UnderWay: r.UnderWay, Bank: bank.Now, Source: app.Source, Log: app.Log,
	}
	return i
}

// Serve registers the door, and then the roster with its leases. The app stops them in reverse: the sessions end while the
// door still carries their last messages.
func Serve[P roster.Provider[P], S seat.Session[P]](i *Instance[P], door Door[P, S], session func(p P) S, opened ...func(plain, secure net.Addr)) {
	app := i.app
	list := &barred.List{Pool: i.db, Log: app.Log, Changed: door.Recheck}
	door.Bar(list.Has)
	app.Add("barred providers", list.Read, nil)
	app.Go("barred providers' list", list.Run)
	app.Go("front", func(ctx context.Context) error { return door.Serve(ctx, opened...) })
	app.Health.Gauge("front.waiting", func() int64 { waiting, _ := door.Waiting(); return int64(waiting) })
	app.Health.Gauge("front.turned_away", func() int64 { _, away := door.Waiting(); return int64(away) })
	app.Health.Measure("fx_front_waiting", func() float64 { waiting, _ := door.Waiting(); return float64(waiting) })
	app.Health.Measure("fx_front_turned_away_total", func() float64 { _, away := door.Waiting(); return float64(away) })
	app.Health.Gauge("front.lines_left_out", func() int64 { lines, _ := door.LeftOut(); return int64(lines) })
	app.Health.Gauge("front.passwords_not_checked", func() int64 { _, passwords := door.LeftOut(); return int64(passwords) })
	app.Health.Warn("passwords", door.Alarm)
	app.Health.Warn("revoked certificates", door.Revocations)
	seats := roster.Open(roster.Gateway[P, S]{
		NewSession: session, Admit: door.Admit, Queue: i.protocol.Queue, Bus: i.bus, Health: app.Health, Log: app.Log,
	}, i.providers)
	seats.Lease(app, duty.Gateway{Name: i.protocol.Name, Lease: i.lease, DB: i.db, Bus: i.bus, Barred: list})
	seats.Follow(app, i.rules.File, i.rules.Providers, i.protocol.Providers)
}
