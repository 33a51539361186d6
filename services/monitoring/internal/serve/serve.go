// Package serve is monitoring's interface for on-call: HTTPS, signing in, and the error queue.
package serve

import (
	"net/http"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/run"
	"fxcore/services/monitoring/internal/failed/desk"
	"fxcore/services/monitoring/internal/failed/store"
	"fxcore/services/pages"
	"fxcore/services/signin"
	"fxcore/services/web"
)

// service is the program's name in its queues.
const service = "monitoring"

// Config holds the settings of the interface.
type Config struct {
	Web    web.Config    `envPrefix:"MONITORING_"`
	SignIn signin.Config `envPrefix:"MONITORING_"`
	Auth   signin.Auth

	Kept time.Duration `env:"ERRORS_KEPT" envDefault:"2160h"` // how long resolved entries of the error queue are kept
}

// Topology adds to monitoring's topology what the interface needs.
func Topology(t amqp.Topology) amqp.Topology {
	t.Queues = append(slices.Clip(t.Queues), signin.Queue(service))
	t.Publishes = slices.Concat(t.Publishes, signin.Publications(), desk.Publications())
	t.Takes, t.Replays = append(slices.Clip(t.Takes), amqp.ErrorQueue), true
	return t
}

// Parts are what the interface stands on. The database has the tables of inbox.Migrations, store.Migrations of the error queue and
// signin.Migrations.
type Parts struct {
	Bus   *amqp.Bus
	DB    *pgxpool.Pool
	Inbox run.Inbox
	Bank  func() time.Time // the bank's clock, which a session shows

	// Register adds monitoring's own resources; nil adds none.
	Register func(mux *http.ServeMux, guard *signin.Guard)

	// Changed is called after entries of the error queue have changed; nil if nobody wants to know.
	Changed func()
}

// Open adds the page, its interface and the error queue to the program. The server has an address once the program runs.
func Open(app *run.App, cfg Config, p Parts) *web.Server {
	entrance := signin.Open(app, p.Bus, p.DB, p.Inbox, cfg.SignIn, cfg.Auth, p.Bank)
	errors := &desk.Desk{Store: store.Store{Pool: p.DB}, Bus: p.Bus, Log: app.Log, Keep: cfg.Kept, Now: time.Now, Changed: p.Changed}
	app.Go("error queue", errors.Collect)
	app.Go("replays", errors.Run)

	page, err := pages.Operations()
	if err != nil {
		panic(err) // the build has left files out
	}
	mux := http.NewServeMux()
	api := web.New(mux, web.About{Title: "FX Core operations", Version: "1.0.0", Description: "What on-call sees and does. services/monitoring/README.md tells how to begin."})
	entrance.Register(api)
	errors.Register(api)
	if p.Register != nil {
		p.Register(mux, entrance.Guard)
	}
	mux.Handle("GET /{$}", page)
	mux.Handle("GET /assets/", page)
	web.ListCodes(api.OpenAPI(), slices.Concat(web.Codes(), signin.Codes(), desk.Codes())...)
	server := &web.Server{Config: cfg.Web, Handler: web.Front(mux, app.Log), Log: app.Log}
	app.Add("http", server.Start, server.Stop)
	return server
}
