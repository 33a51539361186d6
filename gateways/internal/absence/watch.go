package absence

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
)

// Publisher publishes events. Publish returns when the broker has them.
type Publisher interface {
	Publish(ctx context.Context, events ...event.Event) error
}

// Watch watches over the provider of one session, under one lease.
type Watch struct {
	Pool     *pgxpool.Pool
	Bus      Publisher
	Name     string // of the session, as in the table session
	Epoch    int64
	Provider string // its id, as in requests
	Origin   string // the last word of its routing keys
	Grace    time.Duration
	Source   string // service and replica that publish

	Present func() bool     // reports whether the provider is logged on
	Changed <-chan struct{} // receives a value after Present has changed
	Log     *slog.Logger
}

const again = time.Second // pause after a failure

var errFenced = errors.New("another instance holds the session")

// Run watches until ctx ends.
func (w Watch) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		left, err := w.look(ctx)
		switch {
		case errors.Is(err, errFenced):
			return nil // the session ends, and logs it
		case err != nil && ctx.Err() == nil:
			w.Log.Warn("not noted whether the provider is away, trying again", "provider", w.Provider, "error", err)
			left = again
		}
		w.wait(ctx, left)
	}
	return nil
}

// look stores whether the provider is away, and publishes the event when the grace is over. It returns how long to wait before
// the next look; a negative value means until Present changes.
func (w Watch) look(ctx context.Context) (time.Duration, error) {
	if w.Present() {
		return -1, w.back(ctx)
	}
	gone, err := w.gone(ctx)
	if err != nil || gone.told {
		return -1, err
	}
	if left := w.Grace - gone.age; left > 0 {
		return left, nil
	}
	return -1, w.tell(ctx, gone.since)
}

// tell publishes session.ended. Every instance makes the same event of one absence, so a repetition does no harm.
func (w Watch) tell(ctx context.Context, since time.Time) error {
	e, err := Ended(w.Name, w.Provider, w.Origin, since, since.Add(w.Grace))
	if err != nil {
		return err
	}
	e.Source = w.Source
	if err := w.Bus.Publish(ctx, e); err != nil {
		return err
	}
	w.Log.Info("provider stayed away: what it has reserved and not used is withdrawn", "provider", w.Provider, "since", since)
	return w.told(ctx)
}

func (w Watch) wait(ctx context.Context, left time.Duration) {
	var due <-chan time.Time
	if left >= 0 {
		timer := time.NewTimer(left)
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-ctx.Done():
	case <-w.Changed:
	case <-due:
	}
}
