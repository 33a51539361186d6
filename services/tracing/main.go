// Command tracing writes every message to the journal, by which the way of each trade can be seen and every change of the record is
// found. Any number of replicas share the work.
//
//	tracing                  runs the service
//	tracing -verify          walks all chains of the journal and the audit's, and names the first record that is not what was written
//	tracing -account FILE    says which of the ids in the file the journal lacks, and whether spans equal messages
//	tracing -shred CLIENT    removes the key of the client's personal data: they cannot be read any more
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/config"
	"fxcore/lambda/follow"
	"fxcore/lambda/health"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres"
	"fxcore/lambda/run"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
	"fxcore/services/tracing/internal/rest"
	"fxcore/services/tracing/internal/steps"
	"fxcore/services/tracing/internal/steps/audit"
	"fxcore/services/tracing/internal/store"
	"fxcore/services/tracing/internal/store/cassandra"
	journal "fxcore/services/tracing/internal/store/postgres"
	"fxcore/services/web"
)

type settings struct {
	config.Base
	AMQP      amqp.Config
	Postgres  postgres.Config
	Cassandra cassandra.Config
	Keep      store.Keep
	Active    int `env:"TRACING_ACTIVE" envDefault:"1"` // replicas that work at a time; 0: all
	Inbox     inbox.Config
	HTTP      web.Config    `envPrefix:"TRACING_"`
	SignIn    signin.Config `envPrefix:"TRACING_"`
	Auth      signin.Auth
}

func main() {
	run.Describe(steps.Topology())
	cfg := config.MustLoad[settings]()
	if len(os.Args) > 1 {
		os.Exit(command(context.Background(), cfg, os.Args[1:], os.Stdout))
	}
	os.Exit(service(cfg).Run())
}

func service(cfg settings) *run.App {
	app := run.New("tracing", cfg.Base)
	db := app.Postgres(cfg.Postgres, "tracing", inbox.Migrations, journal.Migrations, signin.Migrations) // of tokens; of the journal, too, where Cassandra is not there
	// The bus comes before the store: the stream keeps what is published while the store is away.
	bus := app.Bus(cfg.AMQP, steps.Topology())
	kept := open(app, cfg, db)
	entrance := signin.Open(app, bus, db, app.Inbox(bus, db, cfg.Inbox), cfg.SignIn, cfg.Auth, time.Now)
	w := &steps.Writer{
		Name: app.Source, Active: cfg.Active, Store: kept, Follow: bus.Follow, Clock: time.Now, Log: app.Log,
		Appended: app.Health.Counter("journal.appended"), Repeated: app.Health.Counter("journal.repeated"), Unreadable: app.Health.Counter("journal.unreadable"),
	}
	app.Health.Gauge("journal.lag_ms", func() int64 { return w.Lag().Milliseconds() })
	app.Health.Measure("fx_tracing_lag_seconds", func() float64 { return w.Lag().Seconds() })
	app.Go("journal", w.Run)
	signers := cfg.AMQP.FollowSigners()
	watch := audited(app, bus, journal.Store{Pool: db}, signers, cfg.Keep)
	shown := &rest.Server{
		Store: kept, Trail: journal.Store{Pool: db}, Watch: watch, Log: app.Log,
		Guard: func(right string, next http.Handler) http.Handler {
			return entrance.Guard.Handler(rights.Action(right), next)
		},
		May: func(ctx context.Context, right string) bool {
			return signin.CallerOf(ctx).Reach(rights.Action(right)) != rights.Nothing
		},
	}
	server := &web.Server{Config: cfg.HTTP, Log: app.Log, Handler: shown.Handler()}
	app.Add("http", server.Start, server.Stop)
	app.Go("forget", func(ctx context.Context) error {
		return postgres.ForgetEvery(ctx, time.Hour, app.Log, "records", func(ctx context.Context) error { return kept.Forget(ctx, cfg.Keep, time.Now()) })
	})
	return app
}

// audited takes what happened to security into the audit's chain, and walks the chain. It is in PostgreSQL, also where the journal is not:
// there the program's role cannot change a record, and a commit is on disk.
func audited(app *run.App, bus *amqp.Bus, chain journal.Store, signers *follow.File[amqp.Signers], keep store.Keep) *audit.Watch {
	f := &audit.Follower{Store: chain, Follow: bus.Follow, Clock: time.Now, Log: app.Log, Appended: app.Health.Counter("audit.appended"), Signers: signers}
	app.Health.Measure("fx_audit_emergencies", f.Emergencies)
	app.Go("audit's chain", f.Run)
	watch := &audit.Watch{Chain: chain, Clock: time.Now, Log: app.Log}
	app.Health.Warn("audit's chain", watch.Concern)
	app.Health.Measure("fx_audit_broken", watch.Broken)
	app.Go("audit's verifier", watch.Run)
	app.Go("forget audit", func(ctx context.Context) error {
		return postgres.ForgetEvery(ctx, time.Hour, app.Log, "entries of the audit", func(ctx context.Context) error { return chain.ForgetAudit(ctx, keep.Audit, time.Now()) })
	})
	return watch
}

// open adds the store to the program: Cassandra if it has hosts, else PostgreSQL.
func open(app *run.App, cfg settings, db *pgxpool.Pool) store.Store {
	if len(cfg.Cassandra.Hosts) == 0 {
		return journal.Store{Pool: db}
	}
	s := cassandra.New(cfg.Cassandra, cfg.Keep)
	ready, up := health.Noted(s.Ready)
	app.Health.Add("cassandra", ready)
	app.Health.Measure(`fx_store_up{store="cassandra"}`, up)
	app.Add("cassandra", nil, func(context.Context) error { s.Close(); return nil })
	app.Await("cassandra", s.Ready)
	return s
}

func command(ctx context.Context, cfg settings, args []string, out *os.File) int {
	s, chain, end, err := connect(ctx, cfg)
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "tracing:", err)
		return 1
	}
	defer end()
	switch {
	case len(args) == 1 && args[0] == "-verify":
		return verify(ctx, s, chain, out)
	case len(args) == 2 && args[0] == "-account":
		return account(ctx, s, args[1], out)
	case len(args) == 2 && args[0] == "-shred":
		return shred(ctx, s, args[1], out)
	}
	_, _ = fmt.Fprintln(os.Stderr, "usage: tracing [-verify | -account FILE | -shred CLIENT]")
	return 2
}
