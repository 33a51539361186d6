package watch

import (
	"context"
	"slices"
	"strings"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
)

// Settings say where to look.
type Settings struct {
	Postgres string   // URL of a role that may read all schemas
	AMQP     string   // URL
	Bin      string   // folder of our programs
	Programs []string // the programs whose queues and steps of a trade are shown
	Gateways []string // the services whose instances serve providers
	API      *API     // nil before the first start

	Operations *Operations // nil if nothing serves on-call
}

// Watch looks at one core repeatedly. Only one goroutine may use it.
type Watch struct {
	settings Settings
	queues   []string
	broker   broker
	book     book
}

// New asks the programs for their queues. The core need not run yet.
func New(ctx context.Context, s Settings) *Watch {
	all := topologies(ctx, s.Bin, s.Programs)
	return &Watch{
		settings: s, queues: queueNames(all), broker: broker{url: s.AMQP}, book: book{url: s.Postgres, hops: hops(all)},
	}
}

// Close ends the connections.
func (w *Watch) Close() {
	w.broker.close()
	w.book.close()
}

// patience bounds each part of a look. A server that hangs becomes a problem in the report.
const patience = 2 * time.Second

// Look returns a report. It leaves out what it cannot read, and says so in Problems.
func (w *Watch) Look(ctx context.Context, record supervisor.Record) Report {
	r := Report{
		State: string(record.State), Since: record.Since, Services: services(record), Queues: []Queue{},
		Jobs: []Job{}, Providers: []Provider{}, LastTrades: []Trade{}, Problems: []string{},
	}
	if record.State != supervisor.Running && record.State != supervisor.Starting {
		return r
	}
	r.API, r.Operations = w.settings.API, w.settings.Operations
	w.look(ctx, &r, func(ctx context.Context) error { warn(ctx, r.Services); return nil })
	w.look(ctx, &r, func(ctx context.Context) error { return w.book.look(ctx, &r) })
	w.look(ctx, &r, func(ctx context.Context) error {
		found, err := providers(ctx, w.gateways(r.Services))
		r.Providers = append(r.Providers, found...)
		return err
	})
	w.look(ctx, &r, func(ctx context.Context) error {
		found, err := w.broker.depths(ctx, w.names(r.Providers))
		r.Queues = append(r.Queues, found...)
		return err
	})
	if i := slices.IndexFunc(r.Queues, func(q Queue) bool { return q.Name == amqp.ErrorQueue }); i >= 0 {
		r.ErrorQueue += r.Queues[i].Messages
	}
	return r
}

// names returns all queues: those that the programs declare, and each provider's queue.
func (w *Watch) names(providers []Provider) []string {
	names := slices.Clone(w.queues)
	for _, p := range providers {
		names = append(names, "fix."+strings.ToLower(p.Name))
	}
	return names
}

// gateways returns the instances of gateways that run.
func (w *Watch) gateways(all []Service) (found []Service) {
	for _, s := range all {
		if slices.Contains(w.settings.Gateways, s.Name) && s.Health != "" && s.PID != 0 {
			found = append(found, s)
		}
	}
	return found
}

func (w *Watch) look(ctx context.Context, r *Report, part func(context.Context) error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := part(ctx); err != nil {
		r.Problems = append(r.Problems, err.Error())
	}
}

func services(record supervisor.Record) []Service {
	all := make([]Service, 0, len(record.Processes))
	for _, p := range record.Processes {
		all = append(all, Service{
			Name: p.Name, Replica: p.Replica, State: string(p.State), Since: p.Since, Reason: p.Reason, PID: p.PID,
			Restarts: p.Restarts, Health: p.Health,
		})
	}
	return all
}
