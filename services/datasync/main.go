// Command datasync keeps the mainframe's data sets and reference rates in Redis, whole and with their age, for all
// services to decide on. Any number of replicas share the work.
package main

import (
	"os"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/cache"
	"fxcore/lambda/config"
	"fxcore/lambda/mirror"
	"fxcore/lambda/run"
	"fxcore/services/clock"
	"fxcore/services/datasync/internal/schedule"
	"fxcore/services/datasync/internal/steps"
	"fxcore/services/datasync/internal/store"
)

type settings struct {
	config.Base
	AMQP   amqp.Config
	Redis  cache.Config
	Clock  clock.Config
	Static mirror.Config
}

func main() {
	run.Describe(steps.Topology())
	os.Exit(service(config.MustLoad[settings]()).Run())
}

func service(cfg settings) *run.App {
	app := run.New("datasync", cfg.Base)
	rdb := app.Redis(cfg.Redis)
	sets := store.New(rdb)
	bus := app.Bus(cfg.AMQP, steps.Topology())

	bank := clock.Open(mirror.Signed(rdb, cfg.Static.Trusted()), cfg.Clock)
	app.Go("clock", bank.Run) // not awaited: datasync is what brings the set
	app.Health.Warn("clock", bank.Fresh)
	keeper := steps.NewKeeper(sets, bank.Now, app.Log)
	keeper.Audit = app.Audit
	app.Consume(bus, steps.Queue, keeper)

	asker := schedule.NewAsker(schedule.Sets(), sets, bus, app.Source, time.Now, app.Log).By(bank.Now)
	app.Health.Warn("static data", asker.Fresh)
	app.Health.Gauge("rates.age_ms", func() int64 { return asker.Age("rates") })
	app.Health.Measure("fx_rates_age_seconds", func() float64 { return float64(asker.Age("rates")) / 1000 })
	app.Go("ask for data sets", asker.Run)
	return app
}
