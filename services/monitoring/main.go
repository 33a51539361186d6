// Command monitoring knows how every instance, queue and server is, judges it by rules, and tells what is wrong. Any number of replicas run:
// each of them hears everything, and one at a time judges.
package main

import (
	"context"
	"net/http"
	"os"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/cache"
	"fxcore/lambda/config"
	"fxcore/lambda/inbox"
	"fxcore/lambda/log"
	"fxcore/lambda/mirror"
	"fxcore/lambda/postgres"
	"fxcore/lambda/run"
	"fxcore/services/clock"
	"fxcore/services/contract/rights"
	"fxcore/services/monitoring/internal/alert"
	"fxcore/services/monitoring/internal/changes"
	"fxcore/services/monitoring/internal/evaluate"
	errorqueue "fxcore/services/monitoring/internal/failed/store"
	"fxcore/services/monitoring/internal/icinga"
	"fxcore/services/monitoring/internal/instances"
	"fxcore/services/monitoring/internal/messages"
	"fxcore/services/monitoring/internal/probe"
	"fxcore/services/monitoring/internal/queues"
	"fxcore/services/monitoring/internal/rest"
	"fxcore/services/monitoring/internal/serve"
	"fxcore/services/monitoring/internal/store"
	"fxcore/services/signin"
	"fxcore/services/web"
)

type settings struct {
	config.Base
	AMQP     amqp.Config
	Postgres postgres.Config
	Redis    cache.Config
	Inbox    inbox.Config
	Clock    clock.Config
	Static   mirror.Config
	Icinga   icinga.Config
	Serve    serve.Config

	Disk string `env:"DISK" envDefault:"."` // a folder on the disk that is watched
}

// mostStreams bounds the streams of one person at a replica: a page in a browser has one.
const mostStreams = 20

func main() {
	run.Describe(topology())
	app := service(config.MustLoad[settings]())
	os.Exit(app.Run())
}

func topology() amqp.Topology { return serve.Topology(messages.Topology()) }

func service(cfg settings) *run.App {
	app := run.New("monitoring", cfg.Base)
	db := store.Store{Pool: app.Postgres(cfg.Postgres, "monitoring", inbox.Migrations, store.Migrations, errorqueue.Migrations, signin.Migrations), Name: app.Source}
	rdb := app.Redis(cfg.Redis)
	bank := clock.Follow(app, mirror.Signed(rdb, cfg.Static.Trusted()), cfg.Clock)
	cfg.Inbox.Clock = bank.Now
	bus := app.Bus(cfg.AMQP, topology())

	view := instances.New(time.Now)
	judge := &evaluate.Evaluator{
		View: view, Hears: bus.Ready, Store: db, Rules: alert.Rules(), Now: time.Now, Log: app.Log,
		Servers: &probe.Servers{Broker: bus, Pool: db.Pool, Redis: cache.Ready(rdb), Disk: cfg.Disk, Now: time.Now, Errors: errorqueue.Store{Pool: db.Pool}.Open},
		Teller:  messages.Teller{Publish: bus.Publish, Source: app.Source, Now: time.Now},
	}
	if cfg.Icinga.URL != "" {
		client := icinga.Open(cfg.Icinga, log.Named(app.Log, "icinga"), time.Now)
		judge.Mirror = client.Show
		app.Health.Warn("icinga", client.Fresh)
		app.Health.Measure(`fx_store_up{store="icinga"}`, client.Up)
	}
	shown := &rest.Interface{Store: db, View: view, Samples: judge.Samples, Firing: judge.Firing, Queues: &queues.Watch{}, Listeners: web.NewCrowd(mostStreams), Now: time.Now, Log: app.Log}
	shown.Changes = changes.New(shown.Topics(func(ctx context.Context) (any, error) { return errorqueue.Store{Pool: db.Pool}.Mark(ctx) }), time.Now)
	for pattern, handler := range shown.Handlers() {
		app.Health.Handle(pattern, handler)
	}
	app.Go("heartbeats", func(ctx context.Context) error { return bus.Follow(ctx, messages.HealthStream, amqp.Last, view.Read) })
	app.Go("judge", judge.Run)
	app.Go("changes", shown.Changes.Run)
	app.Go("pace", shown.Pace)
	serve.Open(app, cfg.Serve, serve.Parts{
		Bus: bus, DB: db.Pool, Inbox: app.Inbox(bus, db.Pool, cfg.Inbox), Bank: bank.Now,
		Register: func(mux *http.ServeMux, guard *signin.Guard) {
			for pattern, handler := range guarded(shown, guard) {
				mux.Handle(pattern, handler)
			}
		},
	})
	return app
}

// guarded returns the handlers for people, each behind its right. The metrics stay on the health address, which the machine alone can reach.
func guarded(shown *rest.Interface, guard *signin.Guard) map[string]http.Handler {
	people := *shown
	people.Guard = func(right string, next http.Handler) http.Handler { return guard.Handler(rights.Action(right), next) }
	people.Caller = func(r *http.Request) string { return signin.CallerOf(r.Context()).User }
	people.Allowed = func(r *http.Request) bool {
		_, refusal := guard.Admit(r.Context(), r.Header.Get("Authorization"), rights.ViewOperations)
		return refusal == nil
	}
	handlers := people.Handlers()
	delete(handlers, "GET /metrics")
	return handlers
}
