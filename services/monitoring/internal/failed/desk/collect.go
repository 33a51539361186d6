package desk

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/log"
	"fxcore/services/monitoring/internal/failed"
	"fxcore/services/monitoring/internal/failed/store"
)

// Bus is the session with the broker.
type Bus interface {
	Collect(ctx context.Context, queue string, keep func(context.Context, []amqp.Raw) error) error
	Resend(ctx context.Context, queue string, r amqp.Raw) error
	Publish(ctx context.Context, events ...event.Event) error
}

// Bounds of one round.
const (
	roundMost   = 100 // messages
	roundBound  = 20 * time.Second
	roundEach   = 2 * time.Second
	forgetEach  = time.Hour
	forgetBound = time.Minute
)

// Desk resolves entries. It is safe for concurrent use, also beside other replicas.
type Desk struct {
	Store store.Store
	Bus   Bus
	Log   *slog.Logger
	Keep  time.Duration // how long resolved entries are kept
	Now   func() time.Time

	// Changed is called after entries have changed; nil if nobody wants to know.
	Changed func()
}

// Collect moves the error queue into the store until ctx ends. It returns nil.
func (d *Desk) Collect(ctx context.Context) error {
	return d.Bus.Collect(ctx, amqp.ErrorQueue, func(ctx context.Context, batch []amqp.Raw) error {
		messages := make([]failed.Message, len(batch))
		for i, r := range batch {
			messages[i] = failed.Read(r, d.Now())
		}
		if err := d.Store.Keep(ctx, messages); err != nil {
			return err
		}
		d.changed()
		return nil
	})
}

func (d *Desk) changed() {
	if d.Changed != nil {
		d.Changed()
	}
}

// Run hands to the broker what is to be replayed, tells the core what was resolved, and forgets what is old, until ctx ends. It finishes what
// a replica that died has begun. It returns nil.
func (d *Desk) Run(ctx context.Context) error {
	tick := time.NewTicker(roundEach)
	defer tick.Stop()
	var forgotten time.Time
	for {
		if err := d.Round(ctx); err != nil && ctx.Err() == nil {
			d.Log.WarnContext(ctx, "what is to be replayed waits", log.Error(err))
		}
		if now := d.Now(); now.Sub(forgotten) >= forgetEach {
			forgotten = now
			if err := d.forget(ctx); err != nil && ctx.Err() == nil {
				d.Log.WarnContext(ctx, "old entries of the error queue are not forgotten", log.Error(err))
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (d *Desk) forget(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, forgetBound)
	defer cancel()
	return d.Store.Forget(ctx, d.Keep)
}

// Round replays all that is to be replayed now, and tells the core of it.
func (d *Desk) Round(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, roundBound)
	defer cancel()
	for {
		parcels, err := d.Store.Claim(ctx, roundMost)
		if err != nil {
			return err
		}
		for _, p := range parcels {
			if err := d.replay(ctx, p); err != nil {
				return err
			}
		}
		if len(parcels) > 0 {
			d.changed()
		}
		if err := d.tell(ctx); err != nil {
			return err
		}
		if len(parcels) < roundMost {
			return nil
		}
	}
}

// replay puts one message back into the queue in which it failed, with its own id. If this replica dies before it has noted that, another one
// does it again: the queue's consumer recognises the repeat by the id.
func (d *Desk) replay(ctx context.Context, p store.Parcel) error {
	err := d.Bus.Resend(ctx, p.Queue, amqp.Raw{MessageID: p.MessageID, ContentType: p.ContentType, Body: p.Body, Headers: amqp.ProofHeaders(p.Publisher, p.Proof)})
	if errors.Is(err, amqp.ErrNoQueue) {
		return d.Store.Delivered(ctx, p, "there is no such queue any more")
	}
	if err != nil {
		return err
	}
	return d.Store.Delivered(ctx, p, "")
}

func (d *Desk) tell(ctx context.Context) error {
	for {
		untold, err := d.Store.Untold(ctx, roundMost)
		if err != nil || len(untold) == 0 {
			return err
		}
		var events []event.Event
		var steps []int64
		for _, u := range untold {
			e, err := tell(u)
			if err != nil {
				return err
			}
			events, steps = append(events, e), append(steps, u.Step)
		}
		if err := d.Bus.Publish(ctx, events...); err != nil {
			return err
		}
		if err := d.Store.Told(ctx, steps); err != nil {
			return err
		}
	}
}
