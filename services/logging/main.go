// Command logging keeps the log lines of all programs, and what each instance reported of its health, and finds them again. Any number of
// replicas share the work.
//
// It keeps them in Elasticsearch where ELASTICSEARCH_URL names one, else in PostgreSQL.
//
//	logging                   runs the service
//	logging -account FILE...  says which lines of programs' standard output the store lacks, and why
package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/config"
	"fxcore/lambda/health"
	"fxcore/lambda/inbox"
	"fxcore/lambda/log"
	"fxcore/lambda/postgres"
	"fxcore/lambda/run"
	"fxcore/services/contract/rights"
	"fxcore/services/logging/internal/elastic"
	"fxcore/services/logging/internal/intake"
	"fxcore/services/logging/internal/rest"
	"fxcore/services/logging/internal/store"
	"fxcore/services/signin"
	"fxcore/services/web"
)

type settings struct {
	config.Base
	AMQP     amqp.Config
	Postgres postgres.Config // of tokens; of lines where there is no Elasticsearch
	Inbox    inbox.Config
	HTTP     web.Config    `envPrefix:"LOGGING_"`
	SignIn   signin.Config `envPrefix:"LOGGING_"`
	Auth     signin.Auth

	Elasticsearch string        `env:"ELASTICSEARCH_URL,unset"`                  // with user and password; empty: PostgreSQL keeps the lines
	URLFile       string        `env:"ELASTICSEARCH_URL_FILE"`                   // file with the same URL: user and password are those that it has at each request
	Prefix        string        `env:"ELASTICSEARCH_PREFIX" envDefault:"fxcore"` // of the names of indices and templates
	Keep          time.Duration `env:"LOGGING_KEEP" envDefault:"336h"`           // lines and reports: two weeks
}

// Validate names what is out of range.
func (s settings) Validate() error {
	if s.Keep < 24*time.Hour {
		return errors.New("LOGGING_KEEP must be at least 24h")
	}
	return nil
}

func main() {
	run.Describe(intake.Topology())
	cfg := config.MustLoad[settings]()
	if len(os.Args) > 1 {
		os.Exit(command(context.Background(), cfg, os.Args[1:], os.Stdout))
	}
	app, _ := service(cfg)
	os.Exit(app.Run())
}

func service(cfg settings) (*run.App, *web.Server) {
	app := run.New("logging", cfg.Base)
	db := app.Postgres(cfg.Postgres, "logging", inbox.Migrations, store.Migrations, signin.Migrations)
	kept := open(app, db, cfg)
	app.Go("retention", func(ctx context.Context) error { return tend(ctx, kept, app) })
	bus := app.Bus(cfg.AMQP, intake.Topology())

	stored := app.Health.Counter("lines.stored")
	app.Health.Measure("fx_logs_stored_total", func() float64 { return float64(stored.Value()) })
	lines := &intake.Lines{Store: kept, Log: app.Log, Now: time.Now, Count: stored.Add}
	app.Go("lines", func(ctx context.Context) error { return bus.Receive(ctx, amqp.LogQueue, lines.Receive) })
	app.Consume(bus, intake.ReportsQueue, intake.Reports{Store: kept, Log: app.Log})

	entrance := signin.Open(app, bus, db, app.Inbox(bus, db, cfg.Inbox), cfg.SignIn, cfg.Auth, time.Now)
	api := rest.API{Store: kept, Log: app.Log, Now: time.Now}
	server := &web.Server{Config: cfg.HTTP, Log: app.Log, Handler: api.Handler(func(next http.Handler) http.Handler {
		return entrance.Guard.Handler(rights.ViewOperations, next)
	})}
	app.Add("http", server.Start, server.Stop)
	return app, server
}

// keeper is where lines and reports are kept.
type keeper interface {
	intake.Store
	intake.ReportStore
	rest.Store
	Ready(ctx context.Context) error
	Tend(ctx context.Context, now time.Time) error
}

// open returns the store that the settings name. The parts after it wait for Elasticsearch.
func open(app *run.App, db *pgxpool.Pool, cfg settings) keeper {
	var kept keeper = store.Store{Pool: db, Keep: cfg.Keep}
	if cfg.Elasticsearch != "" {
		indices, err := elastic.Open(cfg.Elasticsearch, cfg.Prefix, cfg.Keep)
		if err != nil {
			app.Invalid(err)
			return kept
		}
		indices.LoginBy(cfg.URLFile)
		kept = indices
		ready, up := health.Noted(indices.Ready)
		app.Health.Add("elasticsearch", ready)
		app.Health.Measure(`fx_store_up{store="elasticsearch"}`, up)
		app.Add("elasticsearch", nil, indices.Close)
		app.Await("elasticsearch", func(ctx context.Context) error { return kept.Tend(ctx, time.Now()) }) // the first index needs its template
	}
	return kept
}

// How often the store is tended, how soon after a failure, and how long that may take.
const (
	tendEvery = time.Minute
	tendSoon  = 5 * time.Second
	tendBound = 30 * time.Second
)

// tend makes room for new days and forgets old ones until ctx ends.
func tend(ctx context.Context, kept keeper, app *run.App) error {
	for {
		pause := tendEvery
		bounded, cancel := context.WithTimeout(ctx, tendBound)
		err := kept.Tend(bounded, time.Now())
		cancel()
		if err != nil && ctx.Err() == nil {
			pause = tendSoon
			app.Log.WarnContext(ctx, "days of logs are not made or forgotten, trying again", log.Error(err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
	}
}
