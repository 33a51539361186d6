// Command monitoring knows how every instance, queue and server is, judges it by rules, and tells what is wrong. Any number of replicas run:
// each of them hears everything, and one at a time judges.
package main

import (
	"context"
	"os"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/cache"
	"fxcore/lambda/config"
	"fxcore/lambda/log"
	"fxcore/lambda/postgres"
	"fxcore/lambda/run"
	"fxcore/services/monitoring/internal/alert"
	"fxcore/services/monitoring/internal/evaluate"
	"fxcore/services/monitoring/internal/icinga"
	"fxcore/services/monitoring/internal/instances"
	"fxcore/services/monitoring/internal/messages"
	"fxcore/services/monitoring/internal/probe"
	"fxcore/services/monitoring/internal/rest"
	"fxcore/services/monitoring/internal/store"
)

type settings struct {
	config.Base
	AMQP     amqp.Config
	Postgres postgres.Config
	Redis    cache.Config
	Icinga   icinga.Config

	Disk string `env:"DISK" envDefault:"."` // a folder on the disk that is watched
}

func main() {
	run.Describe(messages.Topology())
	os.Exit(service(config.MustLoad[settings]()).Run())
}

func service(cfg settings) *run.App {
	app := run.New("monitoring", cfg.Base)
	db := store.Store{Pool: app.Postgres(cfg.Postgres, "monitoring", store.Migrations), Name: app.Source}
	rdb := app.Redis(cfg.Redis)
	bus := app.Bus(cfg.AMQP, messages.Topology())

	view := instances.New(time.Now)
	judge := &evaluate.Evaluator{
		View: view, Hears: bus.Ready, Store: db, Rules: alert.Rules(), Now: time.Now, Log: app.Log,
		Servers: &probe.Servers{Broker: bus, Pool: db.Pool, Redis: cache.Ready(rdb), Disk: cfg.Disk, Now: time.Now},
		Teller:  messages.Teller{Publish: bus.Publish, Source: app.Source, Now: time.Now},
	}
	if cfg.Icinga.URL != "" {
		client := icinga.Open(cfg.Icinga, log.Named(app.Log, "icinga"))
		judge.Mirror = client.Show
		app.Health.Warn("icinga", client.Fresh)
	}
	shown := &rest.Interface{Store: db, View: view, Samples: judge.Samples, Now: time.Now, Log: app.Log}
	for pattern, handler := range shown.Handlers() {
		app.Health.Handle(pattern, handler)
	}
	app.Go("heartbeats", func(ctx context.Context) error { return bus.Follow(ctx, messages.HealthStream, amqp.Last, view.Read) })
	app.Go("judge", judge.Run)
	return app
}
