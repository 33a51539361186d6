// Command trading decides whether a trade may be done, registers it, and records its later life. Any number of replicas
// share the work.
package main

import (
	"errors"
	"os"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/amqp"
	"fxcore/lambda/cache"
	"fxcore/lambda/config"
	"fxcore/lambda/inbox"
	"fxcore/lambda/mirror"
	"fxcore/lambda/postgres"
	"fxcore/lambda/run"
	"fxcore/services/clock"
	"fxcore/services/contract/fxdate"
	"fxcore/services/market/feed"
	"fxcore/services/trading/internal/rules"
	"fxcore/services/trading/internal/schedule"
	"fxcore/services/trading/internal/steps"
	"fxcore/services/trading/internal/store"
)

type settings struct {
	config.Base
	AMQP            amqp.Config
	Postgres        postgres.Config
	Redis           cache.Config
	Inbox           inbox.Config
	Clock           clock.Config
	Static          mirror.Config // trading rejects requests on older currencies, pairs and calendars
	MaxTenorYears   int           `env:"MAX_TENOR_YEARS" envDefault:"5"`  // the longest tenor, in years after spot
	ReportTolerance int64         `env:"REPORT_TOLERANCE" envDefault:"4"` // a report is flagged beyond the pair's tolerance times this factor
	ReportBound     int64         `env:"REPORT_BOUND" envDefault:"2"`     // a report's rate further off than by this factor cannot be a rate
	PointsAge       time.Duration `env:"POINTS_MAX_AGE" envDefault:"2h"`  // trading rejects forwards on older points
	ReportAge       time.Duration `env:"REPORT_AGE" envDefault:"168h"`    // how late a trade may be reported; rates are kept as long
}

// Validate returns an error that names the setting that is out of range.
func (s settings) Validate() error {
	switch {
	case s.MaxTenorYears < 1 || s.MaxTenorYears > 15:
		return errors.New("MAX_TENOR_YEARS must be 1 to 15: calendars of later years do not exist")
	case s.ReportTolerance < 1 || s.ReportTolerance > 100:
		return errors.New("REPORT_TOLERANCE must be 1 to 100")
	case s.ReportBound < 2 || s.ReportBound > 100:
		return errors.New("REPORT_BOUND must be 2 to 100")
	case s.PointsAge <= 0:
		return errors.New("POINTS_MAX_AGE must be positive")
	case s.ReportAge < 24*time.Hour || s.ReportAge > 60*24*time.Hour:
		return errors.New("REPORT_AGE must be 24h to 1440h: rates are recorded by the minute for as long")
	}
	return nil
}

func main() {
	run.Describe(steps.Topology())
	os.Exit(service(config.MustLoad[settings]()).Run())
}

func service(cfg settings) *run.App {
	app := run.New("trading", cfg.Base)
	db := app.Postgres(cfg.Postgres, "trading", inbox.Migrations, store.Migrations)
	rdb := mirror.Signed(app.Redis(cfg.Redis), cfg.Static.Trusted())
	bank := clock.Follow(app, rdb, cfg.Clock)
	cfg.Inbox.Clock = bank.Now
	sets := mirror.Dated(rdb, bank.Now)
	static := feed.Open(sets, cfg.Static.MaxAge).WithQuotes(sets).Logging(app.Log)
	bus := app.Bus(cfg.AMQP, steps.Topology())

	app.Static("static data", static) // consume only when data is loaded: a new replica must not refuse what the others validate

	validation := rules.Rules{
		Rollover: fxdate.NewRollover(),
		Longest:  fxdate.Years(cfg.MaxTenorYears), ReportTolerance: decimal.NewFromInt(cfg.ReportTolerance),
		ReportBound: decimal.NewFromInt(cfg.ReportBound), ReportAge: cfg.ReportAge,
		PointsAge: cfg.PointsAge,
	}
	box := app.Inbox(bus, db, cfg.Inbox)
	box.Consume(steps.RequestsQueue, steps.Requests(static, validation, app.Log))
	box.Consume(steps.FactsQueue, steps.Facts())
	box.Consume(steps.SettledQueue, steps.Settled())
	box.Consume(steps.ListsQueue, steps.Lists())
	box.Consume(steps.ActionsQueue, steps.Actions(static))
	box.Consume(steps.PossibleQueue, steps.Possible(static))
	history := store.History{Pool: db, Market: static.Market, Now: bank.Ahead(store.DatabaseTime(db)), Keep: cfg.ReportAge + time.Hour}
	recording := schedule.Recording{History: history, Log: app.Log}
	app.Health.Warn("rate history", recording.Fresh)
	app.Go("rate history", recording.Run)
	reviewing := schedule.Reviewing{Review: store.Review{Pool: db, Market: static.Market}, Clock: bank.Now, Log: app.Log}
	app.Health.Warn("review by calendars", reviewing.Fresh)
	app.Go("review by calendars", reviewing.Run)
	return app
}
