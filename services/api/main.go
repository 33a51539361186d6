// Command api is the core's HTTP interface for the bank's own people and systems. Any number of replicas share the work.
//
// With -openapi it prints the OpenAPI document and ends.
package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/cache"
	"fxcore/lambda/config"
	"fxcore/lambda/inbox"
	"fxcore/lambda/mirror"
	"fxcore/lambda/postgres"
	"fxcore/lambda/run"
	"fxcore/services/api/internal/directory"
	"fxcore/services/api/internal/question"
	"fxcore/services/api/internal/rest"
	"fxcore/services/api/internal/steps"
	"fxcore/services/api/internal/store"
	"fxcore/services/api/internal/stream"
	"fxcore/services/clock"
	"fxcore/services/contract/fxdate"
	"fxcore/services/market/feed"
	"fxcore/services/signin"
	"fxcore/services/web"
	"fxcore/services/web/outcome"
)

type settings struct {
	config.Base
	AMQP     amqp.Config
	Postgres postgres.Config
	Redis    cache.Config
	Inbox    inbox.Config
	Clock    clock.Config
	HTTP     web.Config    `envPrefix:"API_"`
	SignIn   signin.Config `envPrefix:"API_"`
	Auth     signin.Auth
	Bounds   rest.Bounds
	Static   mirror.Config

	Originals time.Duration `env:"ORIGINALS_KEPT" envDefault:"43800h"` // providers' messages: five years
}

func main() {
	run.Describe(steps.Topology())
	if slices.Contains(os.Args[1:], "-openapi") {
		os.Exit(document())
	}
	app, _ := service(config.MustLoad[settings]())
	os.Exit(app.Run())
}

func service(cfg settings) (*run.App, *web.Server) {
	app := run.New("api", cfg.Base)
	db := app.Postgres(cfg.Postgres, "api", inbox.Migrations, store.Migrations, signin.Migrations)
	rdb := mirror.Signed(app.Redis(cfg.Redis), cfg.Static.Trusted())
	bank := clock.Follow(app, rdb, cfg.Clock)
	cfg.Inbox.Clock = bank.Now
	sets := mirror.Dated(rdb, bank.Now)
	static := feed.Open(sets, cfg.Static.MaxAge)
	app.Go("static data", static.Run) // without it, everything but the market is served
	app.Health.Warn("static data", static.Fresh)
	known := directory.Open(sets)
	app.Go("clients", known.Run) // without it, people of a desk cannot ask for trades
	app.Health.Warn("clients", known.Fresh)
	bus := app.Bus(cfg.AMQP, steps.Topology())
	box := app.Inbox(bus, db, cfg.Inbox)
	box.Consume(steps.Queue, steps.Facts())
	box.Consume(steps.SettledQueue, steps.SettledSteps())
	box.Consume(steps.RefusedQueue, steps.RefusedSteps())
	box.Consume(steps.ActionsQueue, steps.ActionSteps())
	box.Consume(steps.ComparedQueue, steps.ComparedSteps())

	model := store.Model{Pool: db}
	hub := stream.New(model, bank.Now, app.Log)
	app.Go("stream", hub.Run)
	outcomes := outcome.New(model, app.Log)
	app.Go("outcomes", outcomes.Run)
	entrance := signin.Open(app, bus, db, box, cfg.SignIn, cfg.Auth, bank.Now)
	answers := question.New(bus.Publish)
	app.Go("answers", func(ctx context.Context) error { return bus.Follow(ctx, steps.AnswersStream, amqp.Last, answers.Read) })
	old := store.Forgetting{Model: model, Originals: cfg.Originals}
	app.Go("forget", func(ctx context.Context) error {
		return postgres.ForgetEvery(ctx, time.Hour, app.Log, "requests and messages", old.Forget)
	})
	app.Go("sweep", store.Sweeping{Model: model, Publish: bus.Publish, Log: app.Log}.Run)
	server := &web.Server{Config: cfg.HTTP, Log: app.Log, Handler: rest.New(rest.Core{
		Model: model, SignIn: entrance, Publish: bus.Publish, Static: static, Clients: known, Watch: outcomes, Events: hub, Ask: answers,
		Clock: bank.Now, Real: time.Now, Rollover: fxdate.NewRollover(), Bounds: cfg.Bounds, MayRunAhead: cfg.Clock.MayRunAhead, Log: app.Log,
	})}
	app.Add("http", server.Start, server.Stop)
	return app, server
}

func document() int {
	text, err := rest.Document()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "openapi:", err)
		return 1
	}
	_, _ = fmt.Println(string(text))
	return 0
}
