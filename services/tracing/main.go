// Command tracing writes every message to the journal, by which the way of each trade can be seen and every change of the record is
// found. Any number of replicas share the work.
//
//	tracing                  runs the service
//	tracing -verify          walks all chains of the journal, and names the first record that is not what was written
//	tracing -shred CLIENT    removes the key of the client's personal data: they cannot be read any more
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/config"
	"fxcore/lambda/postgres"
	"fxcore/lambda/run"
	"fxcore/services/tracing/internal/steps"
	"fxcore/services/tracing/internal/store"
	"fxcore/services/tracing/internal/store/cassandra"
	journal "fxcore/services/tracing/internal/store/postgres"
)

type settings struct {
	config.Base
	AMQP      amqp.Config
	Postgres  postgres.Config
	Cassandra cassandra.Config
	Keep      store.Keep
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
	kept := open(app, cfg)
	bus := app.Bus(cfg.AMQP, steps.Topology())
	w := &steps.Writer{
		Name: app.Source, Store: kept, Follow: bus.Follow, Clock: time.Now, Log: app.Log,
		Appended: app.Health.Counter("journal.appended"), Repeated: app.Health.Counter("journal.repeated"), Unreadable: app.Health.Counter("journal.unreadable"),
	}
	app.Health.Gauge("journal.lag_ms", func() int64 { return w.Lag().Milliseconds() })
	app.Go("journal", w.Run)
	app.Go("forget", steps.Forgetting{Store: kept, Keep: cfg.Keep, Clock: time.Now, Log: app.Log}.Run)
	return app
}

// open adds the store to the program: Cassandra if it has hosts, else PostgreSQL.
func open(app *run.App, cfg settings) store.Store {
	if len(cfg.Cassandra.Hosts) == 0 {
		return journal.Store{Pool: app.Postgres(cfg.Postgres, "tracing", journal.Migrations)}
	}
	s := cassandra.New(cfg.Cassandra, cfg.Keep)
	app.Health.Add("cassandra", s.Ready)
	app.Add("cassandra", nil, func(context.Context) error { s.Close(); return nil })
	app.Await("cassandra", s.Ready)
	return s
}

func command(ctx context.Context, cfg settings, args []string, out *os.File) int {
	s, end, err := connect(ctx, cfg)
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "tracing:", err)
		return 1
	}
	defer end()
	switch {
	case len(args) == 1 && args[0] == "-verify":
		return verify(ctx, s, out)
	case len(args) == 2 && args[0] == "-shred":
		return shred(ctx, s, args[1], out)
	}
	_, _ = fmt.Fprintln(os.Stderr, "usage: tracing [-verify | -shred CLIENT]")
	return 2
}
