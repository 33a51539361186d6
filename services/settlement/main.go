// Command settlement keeps what each trade will exchange on its value dates, has the mainframe move the money, and keeps the
// bank's books. Any number of replicas share the work.
//
// With "job", "movement" or "report" as its first argument it is the command line of on-call: see [jobs.OnCall], oncall and show.
package main

import (
	"context"
	"os"
	"sync/atomic"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/cache"
	"fxcore/lambda/config"
	"fxcore/lambda/inbox"
	"fxcore/lambda/mirror"
	"fxcore/lambda/postgres"
	"fxcore/lambda/run"
	"fxcore/services/clock"
	"fxcore/services/jobs"
	"fxcore/services/market/feed"
	"fxcore/services/settlement/internal/directory"
	"fxcore/services/settlement/internal/pace"
	"fxcore/services/settlement/internal/steps"
	"fxcore/services/settlement/internal/store"
)

type settings struct {
	config.Base
	AMQP     amqp.Config
	Postgres postgres.Config
	Redis    cache.Config
	Inbox    inbox.Config
	Clock    clock.Config
	Static   mirror.Config
}

func main() {
	run.Describe(steps.Topology())
	if len(os.Args) > 1 && os.Args[1] == "job" {
		os.Exit(jobs.OnCall("settlement", os.Args[2:], os.Stdout))
	}
	if len(os.Args) > 1 && os.Args[1] == "movement" {
		os.Exit(oncall(context.Background(), os.Args[2:], os.Stdout))
	}
	if len(os.Args) > 1 && os.Args[1] == "report" {
		os.Exit(show(context.Background(), config.MustLoad[reporting](), os.Args[2:], os.Stdout))
	}
	os.Exit(service(config.MustLoad[settings]()).Run())
}

func service(cfg settings) *run.App {
	app := run.New("settlement", cfg.Base)
	db := app.Postgres(cfg.Postgres, "settlement", inbox.Migrations, jobs.Migrations, store.Migrations)
	rdb := mirror.Signed(app.Redis(cfg.Redis), cfg.Static.Trusted())
	bank := clock.Follow(app, rdb, cfg.Clock)
	cfg.Inbox.Clock = bank.Now
	sets := mirror.Dated(rdb, bank.Now)
	static := directory.Open(sets, feed.Open(sets, cfg.Static.MaxAge))
	bus := app.Bus(cfg.AMQP, steps.Topology())

	app.Static("static data", static) // consume only when data is loaded: a leg's window depends on its pair's calendars
	current := func() steps.Directory { return static.Directory() }
	app.Health.Warn("due legs", func(ctx context.Context) error { return store.Held(ctx, db) })
	var failed atomic.Int64
	app.Health.Warn("failed settlements", func(ctx context.Context) error {
		count, err := store.Failed(ctx, db)
		failed.Store(int64(count))
		return err
	})
	app.Health.Measure("fx_movements_failed", func() float64 { return float64(failed.Load()) })
	box := app.Inbox(bus, db, cfg.Inbox)
	box.Consume(steps.TradesQueue, steps.Trades(current))
	box.Consume(steps.BookingsQueue, steps.BookingSteps(current))
	box.Consume(steps.DeletedQueue, steps.DeletedSteps(current))
	box.Consume(steps.MovementsQueue, steps.Movements(current))
	box.Consume(steps.StatementsQueue, steps.StatementSteps())
	box.Consume(steps.ListingsQueue, steps.Listings(current))
	pace := pace.New(time.Now)
	app.Go("timing of checks", func(ctx context.Context) error { return bus.Follow(ctx, steps.TimingStream, amqp.Last, pace.Read) })
	steps.Jobs(current, steps.PartSize, pace, ahead(cfg.Clock, bank)...).Serve(app, box, db, bus, bank.Now)
	return app
}

// ahead returns the job by which days are run ahead, where the bank's clock may be ahead of real time.
func ahead(cfg clock.Config, bank *clock.Clock) []jobs.Job {
	if !cfg.MayRunAhead {
		return nil
	}
	return []jobs.Job{steps.EndDays(bank.BusinessDay)}
}
