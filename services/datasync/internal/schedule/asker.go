package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/mirror"
	"fxcore/services/contract"
	"fxcore/services/datasync/internal/messages"
)

const (
	glance   = 250 * time.Millisecond // between two looks at what is due
	patience = 2 * time.Second        // of one look, publishing included
)

// Store is what the asker needs of Redis.
type Store interface {
	Held(ctx context.Context) (map[string]mirror.Meta, error)                  // what is loaded, by set
	Claim(ctx context.Context, set string, length time.Duration) (bool, error) // true for one of all who try within the length
}

// Publisher brings events to the broker, as amqp.Bus does.
type Publisher interface {
	Publish(ctx context.Context, events ...event.Event) error
}

// Asker asks for sets when they are due. Every replica has one; the claim in Redis lets one of them ask. A claim lost
// with Redis means one request too many, which is harmless.
type Asker struct {
	sets   []Set
	store  Store
	bus    Publisher
	source string
	now    func() time.Time // real time, for the mainframe's answer
	bank   func() time.Time // the bank's clock, for the ages of sets
	log    *slog.Logger

	mu    sync.Mutex
	held  map[string]mirror.Meta
	fault error
}

// NewAsker returns an asker for the sets; source names this replica in its events, and now is real time.
func NewAsker(sets []Set, store Store, bus Publisher, source string, now func() time.Time, log *slog.Logger) *Asker {
	return &Asker{sets: sets, store: store, bus: bus, source: source, now: now, bank: now, log: log}
}

// By sets the bank's clock, which tells how old sets are. Without it they are judged by real time. Call it before Run.
func (a *Asker) By(bank func() time.Time) *Asker {
	a.bank = bank
	return a
}

// Run looks and asks until ctx ends.
func (a *Asker) Run(ctx context.Context) error {
	ticker := time.NewTicker(glance)
	defer ticker.Stop()
	for {
		a.note(a.Ask(ctx))
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// Ask looks once and publishes a request for each set that is due and not claimed by another.
func (a *Asker) Ask(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	held, err := a.store.Held(ctx)
	if err != nil {
		return err
	}
	a.mu.Lock()
	a.held = held
	a.mu.Unlock()
	requests, err := a.requests(ctx, held)
	if len(requests) > 0 {
		err = errors.Join(err, a.bus.Publish(ctx, requests...))
	}
	return err
}

func (a *Asker) requests(ctx context.Context, held map[string]mirror.Meta) ([]event.Event, error) {
	var all []event.Event
	for _, s := range a.sets {
		if !s.due(held, a.bank()) {
			continue
		}
		mine, err := a.store.Claim(ctx, s.Name, s.Again)
		if err != nil {
			return all, err
		}
		if !mine {
			continue
		}
		e, err := a.request(s, held[s.Name].Version, a.now())
		if err != nil {
			return all, err
		}
		all = append(all, e)
	}
	return all, nil
}

// request returns the event that asks for a set. Its id is made of the set and now, the time of this look. known is the
// version that is held; 0 means none.
func (a *Asker) request(s Set, known int64, now time.Time) (event.Event, error) {
	id := event.NewID(event.DayOf(now), contract.StaticRequested.Name, s.Name, strconv.FormatInt(now.UnixNano(), 10))
	e, err := event.New(contract.StaticRequested, id, contract.Batch, id, messages.Requested{Set: s.Name, KnownVersion: known})
	e.Time, e.Source, e.Deadline = now.UTC(), a.source, now.Add(s.Answer).UTC()
	return e, err
}

// Fresh is a health check: it names the sets that are missing or too old.
func (a *Asker) Fresh(context.Context) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if late := stale(a.sets, a.held, a.bank()); late != "" {
		return fmt.Errorf("mainframe data: %s", late)
	}
	return nil
}

// Age returns how old the set is by the mainframe's time, in milliseconds; -1 if it was never loaded.
func (a *Asker) Age(set string) int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	meta, has := a.held[set]
	if !has {
		return -1
	}
	return a.bank().Sub(meta.AsOf).Milliseconds()
}

// note logs when asking begins to fail and when it works again, not every failure between.
func (a *Asker) note(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case err != nil && a.fault == nil && !errors.Is(err, context.Canceled):
		a.log.Warn("data sets cannot be asked for", "error", err)
	case err == nil && a.fault != nil:
		a.log.Info("data sets are asked for again")
	}
	a.fault = err
}
