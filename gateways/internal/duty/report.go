package duty

import (
	"context"
	"log/slog"
	"strconv"
	"sync/atomic"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/lease"
	"fxcore/services/contract"
)

// Bus is the session with the broker.
type Bus interface {
	Publish(ctx context.Context, events ...event.Event) error
	PublishAsync(ctx context.Context, events []event.Event, done func(error))
	Ready() error
}

// reporter publishes the state of the instance and its sessions. It skips a report while the broker is away, and while the
// last report is unconfirmed, so reports never queue up.
type reporter struct {
	bus      Bus
	gateway  string
	instance string
	started  time.Time
	look     func(ctx context.Context) (sessions []sessionState, err error) // err says why the instance is not ready
	pace     func() lease.Pace                                              // nil: not told
	news     chan struct{}
	log      *slog.Logger

	sequence int64
	underWay atomic.Bool
}

// run reports until ctx ends. Then it reports once more, that the instance is not ready.
func (r *reporter) run(ctx context.Context) error {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		r.report(ctx)
		select {
		case <-ctx.Done():
			r.goodbye(context.WithoutCancel(ctx))
			return nil
		case <-tick.C:
		case <-r.news:
		}
	}
}

func (r *reporter) report(ctx context.Context) {
	if r.bus.Ready() != nil || !r.underWay.CompareAndSwap(false, true) {
		return
	}
	looking, cancel := context.WithTimeout(ctx, lookBound)
	defer cancel()
	sessions, err := r.look(looking)
	e := r.event(sessions, err)
	go r.bus.PublishAsync(ctx, []event.Event{e}, func(error) { // PublishAsync waits while the broker blocks
		r.underWay.Store(false)
	})
}

func (r *reporter) goodbye(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lastWord)
	defer cancel()
	if r.bus.Ready() != nil {
		return
	}
	sessions, _ := r.look(ctx)
	if err := r.bus.Publish(ctx, r.event(sessions, errStopping)); err != nil {
		r.log.Debug("the last report was not published", "error", err)
	}
}

func (r *reporter) event(sessions []sessionState, why error) event.Event {
	r.sequence++
	data := reported{Instance: r.instance, Started: r.started, Sequence: r.sequence, Ready: why == nil, Sessions: sessions}
	if why != nil {
		data.Reason = why.Error()
	}
	if r.pace != nil {
		pace := r.pace()
		data.LateMS, data.LeaseMS = pace.Late.Milliseconds(), pace.Length.Milliseconds()
	}
	now := time.Now().UTC()
	id := event.NewID(event.DayOf(now), contract.InstanceReported.Name, r.instance, r.started.Format(time.RFC3339Nano), strconv.FormatInt(r.sequence, 10))
	e, err := event.New(contract.InstanceReported, id, r.gateway, id, data)
	if err != nil {
		panic(err) // times and texts can always be encoded
	}
	e.Time, e.Source = now, r.instance
	return e
}

// changed makes run send the next report at once.
func (r *reporter) changed() {
	select {
	case r.news <- struct{}{}:
	default: // run was told already
	}
}
