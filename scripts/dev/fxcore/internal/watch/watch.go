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
	Postgres string   // URL; may read all schemas
	AMQP     string   // URL
	Bin      string   // our programs
	Programs []string // whose queues are shown, and when they took up a trade
	Gateways []string // names of those services whose instances serve providers
}

// Watch looks at one core, again and again. It is not for use by several goroutines.
type Watch struct {
	settings Settings
	queues   []string
	broker   broker
	book     book
}

// New asks the programs for their queues; nothing needs to run yet.
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

// patience bounds one look: a server that hangs shows as a problem.
const patience = 2 * time.Second

// Look fills a report. What cannot be seen is left out and named among the problems.
func (w *Watch) Look(ctx context.Context, record supervisor.Record) Report {
	r := Report{
		State: string(record.State), Since: record.Since, Services: services(record), Queues: []Queue{},
		Providers: []Provider{}, LastTrades: []Trade{}, Problems: []string{},
	}
	if record.State != supervisor.Running && record.State != supervisor.Starting {
		return r
	}
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
		r.ErrorQueue = r.Queues[i].Messages
	}
	return r
}

// names are all queues: those that the programs declare, and one for the answers to each provider.
func (w *Watch) names(providers []Provider) []string {
	names := slices.Clone(w.queues)
	for _, p := range providers {
		names = append(names, "fix."+strings.ToLower(p.Name))
	}
	return names
}

// gateways are the instances of gateways that run.
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
