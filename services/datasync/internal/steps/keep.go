// Package steps is what datasync does with the messages of its queue, and the topology of that queue. datasync has no inbox,
// since it has no database: a page has the same effect however often and in whatever order it comes.
package steps

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/audit"
	"fxcore/lambda/event"
	"fxcore/services/datasync/internal/messages"
	"fxcore/services/datasync/internal/store"
)

// patience bounds one page.
const patience = 3 * time.Second

// Store keeps pages, as store.Store does.
type Store interface {
	Put(ctx context.Context, d messages.Delivered, loaded time.Time) (store.Outcome, error)
}

// Keeper is the step of static.delivered: it keeps each page.
type Keeper struct {
	Audit *audit.Trail

	store Store
	now   func() time.Time
	log   *slog.Logger
}

// NewKeeper returns a keeper.
func NewKeeper(s Store, now func() time.Time, log *slog.Logger) *Keeper {
	return &Keeper{store: s, now: now, log: log}
}

// Handle keeps each page. While Redis is away it drops pages: the sets' ages grow, and the sets are asked for again.
func (k *Keeper) Handle(ctx context.Context, events []event.Event) []amqp.Result {
	results := make([]amqp.Result, len(events))
	for i, e := range events {
		results[i].Err = k.keep(ctx, e)
	}
	return results
}

func (k *Keeper) keep(ctx context.Context, e event.Event) error {
	page, err := messages.ReadDelivered(e)
	if err != nil {
		return fmt.Errorf("keep page: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	outcome, err := k.store.Put(ctx, page, k.now())
	if err != nil {
		k.log.Warn("page dropped, the set will be asked for again", "set", page.Set, "error", err)
		return nil
	}
	if outcome == store.Switched && page.Set != "rates" {
		k.log.Info("data set loaded", "set", page.Set, "version", page.Version, "as_of", page.AsOf)
		k.Audit.Stranger(audit.Note{ // sets of the market change often: two entries a minute tell enough
			What: "set.changed", Outcome: audit.Done, Who: e.Source, About: page.Set, Why: fmt.Sprintf("version %d, %d pages", page.Version, page.Pages),
		})
	}
	return nil
}
