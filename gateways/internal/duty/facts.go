package duty

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/log"
)

// facts publishes the events about sessions taken and left, in order. While the broker is away they wait, up to a bound.
type facts struct {
	bus      Bus
	gateway  string
	instance string
	waiting  chan event.Event
	log      *slog.Logger
}

// run publishes until ctx ends, and then the events that are left.
func (f *facts) run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			f.rest(context.WithoutCancel(ctx))
			return nil
		case e := <-f.waiting:
			if err := f.bus.Publish(ctx, e); err != nil {
				f.log.Debug("not told yet", log.About(e), "error", err)
				f.tell(e) // it may be published twice: readers know it by its id
			}
		}
	}
}

func (f *facts) rest(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lastWord)
	defer cancel()
	for {
		select {
		case e := <-f.waiting:
			if err := f.bus.Publish(ctx, e); err != nil {
				f.log.Warn("not told any more", log.About(e), "left", len(f.waiting), "error", err)
				return
			}
		default:
			return
		}
	}
}

// tell queues an event. It does not wait: if the queue is full, it drops the oldest event.
func (f *facts) tell(e event.Event) {
	for {
		select {
		case f.waiting <- e:
			return
		default:
		}
		select {
		case old := <-f.waiting:
			f.log.Warn("too much to tell: the oldest is given up", log.About(old))
		default:
		}
	}
}

func (f *facts) fact(t event.Type, c changed) {
	c.Instance = f.instance
	id := event.NewID(event.DayOf(c.At), t.Name, f.gateway, c.Provider, strconv.FormatInt(c.Epoch, 10))
	e, err := event.New(t, id, f.gateway, f.gateway+"/"+c.Provider, c)
	if err != nil {
		panic(err) // times and texts can always be encoded
	}
	e.Time, e.Source = time.Now().UTC(), f.instance
	f.tell(e)
}
