// Command mainframe-simulator stands in for the bank's mainframe. It has the data of the demo bank, moves its rates, and books each
// trade once. On command it is slow, wrong or away. It is not a part of the core.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"fxcore/gateways/mainframe/internal/records"
	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/gateways/mainframe/simulator/internal/catalogue"
	"fxcore/gateways/mainframe/simulator/internal/control"
	"fxcore/gateways/mainframe/simulator/internal/fault"
	"fxcore/gateways/mainframe/simulator/internal/host"
	"fxcore/gateways/mainframe/simulator/internal/ledger"
	"fxcore/lambda/config"
	"fxcore/lambda/run"
)

type settings struct {
	config.Base
	Listen  string `env:"SIMULATOR_LISTEN" envDefault:"127.0.0.1:0"`  // for the gateway
	Control string `env:"SIMULATOR_CONTROL" envDefault:"127.0.0.1:0"` // for tests and operators; loopback only
	Folder  string `env:"SIMULATOR_FOLDER,required"`                  // where the bookings are kept
}

// Validate refuses a control address that other machines can reach, because the control has no authentication.
func (s settings) Validate() error {
	name, _, err := net.SplitHostPort(s.Control)
	if err != nil {
		return fmt.Errorf("SIMULATOR_CONTROL: %w", err)
	}
	if ip := net.ParseIP(name); name != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return errors.New("SIMULATOR_CONTROL must be a loopback address")
	}
	return nil
}

func main() {
	app, err := simulator(config.MustLoad[settings]())
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "mainframe-simulator:", err)
		os.Exit(1)
	}
	os.Exit(app.Run())
}

func simulator(cfg settings) (*run.App, error) {
	app := run.New("mainframe-simulator", cfg.Base)
	book, err := ledger.Open(cfg.Folder)
	if err != nil {
		return nil, err
	}
	faults := new(fault.Faults)
	mainframe, err := newHost(cfg, app, book, faults)
	if err != nil {
		return nil, err
	}
	var config net.ListenConfig
	orders, err := config.Listen(context.Background(), "tcp", cfg.Control)
	if err != nil {
		return nil, fmt.Errorf("listen for control: %w", err)
	}
	app.Log.Info("simulating a mainframe", "address", mainframe.Addr(), "control", orders.Addr().String(), "bookings", book.Count())
	app.Health.Gauge("bookings", func() int64 { return int64(book.Count()) })
	app.Go("ledger", book.Run)
	app.Go("host", mainframe.Run)
	serve(app, orders, control.New(book, faults, mainframe.Connections).Handler())
	return app, nil
}

func newHost(cfg settings, app *run.App, book *ledger.Ledger, faults *fault.Faults) (*host.Host, error) {
	layouts, err := records.NewLayouts()
	if err != nil {
		return nil, err
	}
	bank, err := demo.NewBank(demo.Seed)
	if err != nil {
		return nil, err
	}
	market, err := demo.NewMarket(demo.Seed)
	if err != nil {
		return nil, err
	}
	sets, err := catalogue.New(layouts, bank, market, time.Now())
	if err != nil {
		return nil, err
	}
	return host.New(cfg.Listen, host.Parts{Bank: bank, Layouts: layouts, Catalogue: sets, Ledger: book, Faults: faults, Log: app.Log})
}

// serve runs the control until the program stops.
func serve(app *run.App, ln net.Listener, handler http.Handler) {
	server := &http.Server{Handler: handler, ReadTimeout: 5 * time.Second, WriteTimeout: time.Minute, MaxHeaderBytes: 1 << 16}
	app.Go("control", func(context.Context) error {
		if err := server.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	app.Add("control", nil, server.Shutdown)
}
