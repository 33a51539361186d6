// Command failover plans which instance of a gateway should hold which provider's session: it spreads them, drains
// instances, brings sessions home, keeps the history and shows it. Any number of replicas share the work.
//
// With an argument it is the command of on-call instead: failover -h says what there is.
package main

import (
	"context"
	"errors"
	"net"
	"os"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/config"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres"
	"fxcore/lambda/run"
	"fxcore/services/failover/internal/oncall"
	"fxcore/services/failover/internal/plan"
	"fxcore/services/failover/internal/rest"
	"fxcore/services/failover/internal/show"
	"fxcore/services/failover/internal/steps"
	"fxcore/services/failover/internal/store"
	"fxcore/services/signin"
	"fxcore/services/web"
)

type settings struct {
	config.Base
	AMQP      amqp.Config
	Postgres  postgres.Config
	Web       web.Config    `envPrefix:"FAILOVER_HTTPS_"` // where on-call comes in, with a token
	SignIn    signin.Config `envPrefix:"FAILOVER_HTTPS_"`
	Auth      signin.Auth
	Addr      string        `env:"FAILOVER_ADDR" envDefault:"127.0.0.1:0"`   // where it is shown, as JSON; port 0 is any free one
	Alive     time.Duration `env:"FAILOVER_ALIVE" envDefault:"5s"`           // an instance whose last report is older is taken for dead
	Steady    time.Duration `env:"FAILOVER_FALLBACK_AFTER" envDefault:"10s"` // an instance gets its sessions back when it was ready for so long
	AtOnce    int           `env:"FAILOVER_MOVES_AT_ONCE" envDefault:"2"`    // of one gateway
	Bound     time.Duration `env:"FAILOVER_MOVE_BOUND" envDefault:"10s"`     // a move that takes longer has failed
	Attempts  int           `env:"FAILOVER_ATTEMPTS" envDefault:"3"`         // of a move, before it waits for somebody or something
	Retention time.Duration `env:"RETENTION" envDefault:"72h"`               // of the inbox; instances report every second, so it is short
	History   time.Duration `env:"FAILOVER_KEEP" envDefault:"2160h"`         // how long the history is kept
}

// Validate names what is out of range.
func (s settings) Validate() error {
	switch {
	case s.Alive < 2*time.Second:
		return errors.New("FAILOVER_ALIVE must be at least 2s: instances report once a second")
	case s.Steady <= 0 || s.Bound <= 0 || s.AtOnce < 1 || s.Attempts < 1:
		return errors.New("FAILOVER_FALLBACK_AFTER, FAILOVER_MOVE_BOUND, FAILOVER_MOVES_AT_ONCE and FAILOVER_ATTEMPTS must be positive")
	case s.History < 24*time.Hour:
		return errors.New("FAILOVER_KEEP must be at least 24h")
	}
	return s.inbox().Validate()
}

func (s settings) inbox() inbox.Config { return inbox.Config{Retention: s.Retention} }

// pause is between the first two attempts of a move; the next ones take longer.
const pause = 5 * time.Second

func (s settings) rules() plan.Rules {
	return plan.Rules{Alive: s.Alive, Steady: s.Steady, AtOnce: s.AtOnce, Bound: s.Bound, Attempts: s.Attempts, Pause: pause}
}

func main() {
	run.Describe(topology())
	if len(os.Args) > 1 {
		os.Exit(oncall.Run(os.Args[1:], os.Stdout, os.Stderr))
	}
	app, _ := service(config.MustLoad[settings]())
	os.Exit(app.Run())
}

// topology is what the plan needs, and what signing in needs.
func topology() amqp.Topology {
	t := steps.Topology()
	t.Queues = append(t.Queues, signin.Queue(t.Service))
	t.Publishes = append(t.Publishes, append(signin.Publications(), signin.Commands()...)...)
	return t
}

func service(cfg settings, shown ...func(net.Addr)) (*run.App, *web.Server) {
	app := run.New("failover", cfg.Base)
	db := app.Postgres(cfg.Postgres, "failover", inbox.Migrations, store.Migrations, signin.Migrations)
	bus := app.Bus(cfg.AMQP, topology())

	box := app.Inbox(bus, db, cfg.inbox())
	box.Consume(steps.FactsQueue, steps.Facts(cfg.rules()))
	box.Consume(steps.ReportsQueue, steps.Reports(cfg.rules()))

	page := show.New(db, cfg.rules(), app.Log)
	app.Health.Warn("plan", page.Concerns)
	app.Go("page", func(ctx context.Context) error { return page.Serve(ctx, cfg.Addr, shown...) })
	entrance := signin.Open(app, bus, db, box, cfg.SignIn, cfg.Auth, time.Now)
	desk := &rest.Desk{Plan: page, Publish: bus.Publish, SignIn: entrance, Source: app.Source, Now: time.Now, Log: app.Log}
	server := &web.Server{Config: cfg.Web, Handler: desk.Handler(), Log: app.Log}
	app.Add("http", server.Start, server.Stop)
	app.Go("history retention", func(ctx context.Context) error { return store.Purge(ctx, db, cfg.History, app.Log) })
	return app, server
}
