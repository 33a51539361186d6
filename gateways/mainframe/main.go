// Command mainframe is the gateway to the mainframe: it books registered trades there and fetches the data sets that the
// core decides on. Nothing else in the core knows the mainframe's protocol. Any number of replicas share the work; one
// of them at a time books, so that bookings stay in order.
package main

import (
	"context"
	"errors"
	"os"
	"time"

	"fxcore/gateways/mainframe/internal/booking"
	"fxcore/gateways/mainframe/internal/link"
	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/gateways/mainframe/internal/records"
	"fxcore/gateways/mainframe/internal/static"
	"fxcore/lambda/amqp"
	"fxcore/lambda/config"
	"fxcore/lambda/run"
)

type settings struct {
	config.Base
	AMQP      amqp.Config
	Mainframe link.Config
	MaxWait   time.Duration `env:"MAINFRAME_MAX_WAIT" envDefault:"15m"` // how long a batch waits for the host before it goes back to the queue
}

// Validate returns an error that names the settings out of range.
func (s settings) Validate() error {
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
	bus := app.Bus(cfg.AMQP, messages.Topology())

	trades := must(link.New(cfg.Mainframe, "bookings", app.Log))
	app.Health.Warn("mainframe bookings", trades.Ready)
	app.Add("link for bookings", nil, func(context.Context) error { return trades.Close() })
	booker := booking.New(trades, layouts, app.Log)
	app.Health.Gauge("bookings.waiting", booker.Waiting)
	app.Health.Gauge("bookings.booked", booker.Booked)
	app.Health.Gauge("bookings.refused", booker.Refused)
	app.Go("consume "+messages.Bookings, func(ctx context.Context) error {
		return booker.Consume(ctx, bus, messages.Bookings, cfg.MaxWait)
	})

	sets := must(link.New(cfg.Mainframe, "static data", app.Log))
	app.Health.Warn("mainframe static data", sets.Ready)
	app.Add("link for static data", nil, func(context.Context) error { return sets.Close() })
	deliverer := static.New(sets, layouts, time.Now, app.Log)
	app.Health.Warn("data sets", deliverer.Whole)
	app.Health.Gauge("static.rows_left_out", deliverer.LeftOut)
	app.Consume(bus, messages.Static, deliverer)
	return app
}

// must panics if the declaration of the protocol is wrong. No setting can cause that.
func must[T any](made T, err error) T {
	if err != nil {
		panic(err)
	}
	return made
}
