// Command mainframe is the gateway to the mainframe: it books registered trades there, instructs it to move money, and fetches
// statements and the data sets that the core decides on. Nothing else in the core knows the mainframe's protocol. Any number of
// replicas share the work; one of them at a time books, and one moves money, so that both stay in order.
package main

import (
	"context"
	"errors"
	"os"
	"time"

	"fxcore/gateways/mainframe/internal/ahead"
	"fxcore/gateways/mainframe/internal/booking"
	"fxcore/gateways/mainframe/internal/inorder"
	"fxcore/gateways/mainframe/internal/link"
	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/gateways/mainframe/internal/moving"
	"fxcore/gateways/mainframe/internal/records"
	"fxcore/gateways/mainframe/internal/statement"
	"fxcore/gateways/mainframe/internal/static"
	"fxcore/lambda/amqp"
	"fxcore/lambda/config"
	"fxcore/lambda/follow"
	"fxcore/lambda/mirror"
	"fxcore/lambda/run"
	"fxcore/lambda/trust"
	"fxcore/services/clock"
)

type settings struct {
	config.Base
	AMQP      amqp.Config
	Mainframe link.Config
	Clock     clock.Config
	Ahead     ahead.Config
	Signer    mirror.Signer `env:"STATIC_KEY,unset"` // signs data sets; without it they are not signed

	SignerFile string        `env:"STATIC_KEY_FILE"`                     // file with the same key: a new one signs from then on
	MaxWait    time.Duration `env:"MAINFRAME_MAX_WAIT" envDefault:"15m"` // how long a batch of bookings, movements or statements waits for the host before it goes back to the queue
}

// Validate returns an error that names the settings out of range.
func (s settings) Validate() error {
	if s.Ahead.Control != "" && !s.Clock.MayRunAhead {
		return errors.New("MAINFRAME_CONTROL needs CLOCK_MAY_RUN_AHEAD: it is for a bank whose days are run ahead")
	}
	if s.MaxWait < time.Second || s.MaxWait > 20*time.Minute {
		return errors.New("MAINFRAME_MAX_WAIT must be 1s to 20m: RabbitMQ takes a delivery for lost after 30 minutes")
	}
	return nil
}

func main() {
	run.Describe(messages.Topology())
	os.Exit(gateway(config.MustLoad[settings]()).Run())
}

func gateway(cfg settings) *run.App {
	app := run.New("mainframe", cfg.Base)
	layouts := must(records.NewLayouts())
	known, err := trust.Open(cfg.TLS)
	if err != nil {
		app.Invalid(err)
		return app
	}
	bus := app.Bus(cfg.AMQP, messages.Topology())

	booker := booking.New(host(app, cfg, known, "bookings"), layouts, app.Log)
	app.Health.Gauge("bookings.waiting", booker.Waiting)
	app.Health.Measure("fx_bookings_waiting", func() float64 { return float64(booker.Waiting()) })
	app.Health.Measure("fx_bookings_oldest_seconds", func() float64 { return booker.Oldest().Seconds() })
	app.Health.Gauge("bookings.booked", booker.Booked)
	app.Health.Gauge("bookings.refused", booker.Refused)
	consume(app, cfg, bus, messages.Bookings, booker.Handler)

	reverser := booking.NewReverser(host(app, cfg, known, "reversals"), layouts, app.Log)
	app.Health.Gauge("reversals.waiting", reverser.Waiting)
	app.Health.Gauge("reversals.booked", reverser.Reversed)
	app.Health.Gauge("reversals.refused", reverser.Refused)
	app.Health.Measure("fx_reversals_refused", func() float64 { return float64(reverser.Refused()) })
	consume(app, cfg, bus, messages.Reversals, reverser.Handler)

	mover := moving.New(host(app, cfg, known, "movements"), layouts, app.Log)
	app.Health.Gauge("movements.waiting", mover.Waiting)
	app.Health.Measure("fx_movements_waiting", func() float64 { return float64(mover.Waiting()) })
	app.Health.Measure("fx_movements_oldest_seconds", func() float64 { return mover.Oldest().Seconds() })
	app.Health.Gauge("movements.made", mover.Moved)
	app.Health.Gauge("movements.refused", mover.Refused)
	consume(app, cfg, bus, messages.Movements, mover.Handler)

	fetcher := statement.New(host(app, cfg, known, "statements"), layouts, time.Now, app.Log)
	consume(app, cfg, bus, messages.Statements, fetcher.Handler)

	furthest := static.UsualAhead
	if cfg.Clock.MayRunAhead {
		furthest = static.AnyAhead
	}
	deliverer := static.New(host(app, cfg, known, "static data"), layouts, time.Now, furthest, app.Log).SignedBy(follow.Setting(cfg.Signer, cfg.SignerFile, mirror.ParseSigner))
	app.Health.Warn("data sets", deliverer.Whole)
	app.Health.Gauge("static.rows_left_out", deliverer.LeftOut)
	app.Consume(bus, messages.Static, deliverer)
	app.Consume(bus, messages.Clock, ahead.Mover{Config: cfg.Ahead, HTTP: ahead.Client(known, cfg.Mainframe.Name)})
	return app
}

// host returns a link to the mainframe for one purpose. The purpose then waits for no other, and health warns of it by name.
func host(app *run.App, cfg settings, known *trust.Trust, purpose string) *link.Link {
	l := must(link.New(cfg.Mainframe, known, purpose, app.Log))
	app.Health.Warn("mainframe "+purpose, l.Ready)
	app.Add("link for "+purpose, nil, func(context.Context) error { return l.Close() })
	return l
}

// consume handles a queue in order, through outages of the mainframe.
func consume(app *run.App, cfg settings, bus *amqp.Bus, queue string, h *inorder.Handler) {
	app.Go("consume "+queue, func(ctx context.Context) error { return h.Consume(ctx, bus, queue, cfg.MaxWait) })
}

// must panics if the declaration of the protocol is wrong. No setting can cause that.
func must[T any](made T, err error) T {
	if err != nil {
		panic(err)
	}
	return made
}
