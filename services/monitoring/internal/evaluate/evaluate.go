// Package evaluate judges at intervals: it collects the measures, judges them by the rules, and publishes what changed.
package evaluate

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"sync"
	"time"

	"fxcore/lambda/log"
	"fxcore/services/monitoring/internal/alert"
	"fxcore/services/monitoring/internal/instances"
	"fxcore/services/monitoring/internal/store"
)

// How often a replica looks, and how long one that hears the broker leaves to the other replicas after they have judged. One that does not
// hear the broker judges only if none of the others has done so for longer.
const (
	Every     = 5 * time.Second
	pause     = 3 * time.Second
	deafPause = 12 * time.Second
	warmUp    = 10 * time.Second // two intervals of the heartbeats
	bound     = 4 * time.Second  // of one judgement in Postgres
)

// Servers are asked for their measures.
type Servers interface {
	Samples(ctx context.Context, queues []string) []alert.Sample
}

// Teller tells others of alerts: by messages, or Icinga.
type Teller interface {
	Tell(ctx context.Context, a alert.Alert) error
}

// Evaluator judges. Only one goroutine may run it; Samples may be called from any.
type Evaluator struct {
	View    *instances.View
	Servers Servers
	Hears   func() error // nil while the broker is there
	Store   store.Store
	Rules   []alert.Rule
	Teller  Teller
	Mirror  func(ctx context.Context, book alert.Book) // shows all alerts elsewhere after each judgement; may be nil
	Now     func() time.Time
	Log     *slog.Logger
	Pause   time.Duration // how long it leaves to the others after a judgement; pause if 0

	mu      sync.Mutex
	samples []alert.Sample
	book    alert.Book // as this replica last knew it: for when Postgres is away
}

// Run judges until ctx ends.
func (e *Evaluator) Run(ctx context.Context) error {
	tick := time.NewTicker(Every)
	defer tick.Stop()
	if stored, err := e.Store.Instances(ctx); err == nil {
		e.View.Restore(stored)
	}
	for {
		e.Once(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Samples returns the measures of the last look.
func (e *Evaluator) Samples() []alert.Sample {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.samples
}

// Firing returns the alerts that fire as this replica last knew them: for when Postgres cannot be asked.
func (e *Evaluator) Firing() (firing []alert.Alert) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, a := range e.book {
		if a.State == alert.Firing {
			firing = append(firing, a)
		}
	}
	return firing
}

// patience returns how long the last judgement must be over before this replica judges. One that does not hear the broker, or has not heard
// it for long enough to know all instances, leaves it to the others.
func (e *Evaluator) patience() time.Duration {
	if e.Hears() != nil {
		e.View.Deaf()
	}
	if e.View.Hearing() < warmUp {
		return deafPause
	}
	return pause
}

// Once looks and judges once.
func (e *Evaluator) Once(ctx context.Context) {
	wait := cmp.Or(e.Pause, e.patience())
	samples := append(e.View.Samples(), e.Servers.Samples(ctx, e.View.Queues())...)
	e.mu.Lock()
	e.samples = samples
	e.mu.Unlock()
	bounded, cancel := context.WithTimeout(ctx, bound)
	defer cancel()
	err := e.Store.Judge(bounded, wait, e.View.All(), samples, func(book alert.Book) []alert.Alert {
		changed := alert.Judge(e.Rules, book, samples, e.now())
		e.remember(book, changed)
		return changed
	})
	switch {
	case err == nil:
		e.tellAll(ctx)
		e.mirror(ctx)
	case !errors.Is(err, store.ErrNotMine) && ctx.Err() == nil:
		e.Log.Warn("alerts are judged from memory", log.Error(err))
		e.fromMemory(ctx, samples)
		e.mirror(ctx)
	}
}

func (e *Evaluator) mirror(ctx context.Context) {
	if e.Mirror == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, bound)
	defer cancel()
	e.Mirror(ctx, e.book)
}

// now has the precision of Postgres.
func (e *Evaluator) now() time.Time { return e.Now().UTC().Truncate(time.Microsecond) }

func (e *Evaluator) remember(book alert.Book, changed []alert.Alert) {
	next := alert.Book{}
	maps.Copy(next, book)
	for _, a := range changed {
		next[a.Key] = a
		if a.State == "" {
			delete(next, a.Key)
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.book = next
}

// fromMemory judges without Postgres. All replicas do, so an alert may be told twice; it has the same key.
func (e *Evaluator) fromMemory(ctx context.Context, samples []alert.Sample) {
	changed := alert.Judge(e.Rules, e.book, samples, e.now())
	for _, a := range changed {
		before := e.book[a.Key].State
		if a.State != before && (a.State == alert.Firing || a.State == alert.Cleared) {
			e.tell(ctx, a)
		}
	}
	e.remember(e.book, changed)
}

// tellAll tells what has not been told, whichever replica judged it.
func (e *Evaluator) tellAll(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, bound)
	defer cancel()
	untold, err := e.Store.Untold(ctx)
	if err != nil {
		e.Log.Warn("alerts are published later", log.Error(err))
		return
	}
	for _, a := range untold {
		if e.tell(ctx, a) {
			if err := e.Store.Told(ctx, a); err != nil {
				e.Log.Warn("an alert may be published twice", log.Error(err))
			}
		}
	}
}

func (e *Evaluator) tell(ctx context.Context, a alert.Alert) bool {
	e.Log.Info("alert", "event.action", string(a.State), "rule.name", a.Rule, "labels.subject", a.Subject, "event.reason", a.Text)
	if err := e.Teller.Tell(ctx, a); err != nil {
		e.Log.Warn("an alert is published later", log.Error(err))
		return false
	}
	return true
}
