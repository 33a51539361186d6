package inbox

import (
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
)

// Handler is the older form of steps, for services that are not converted yet.
type Handler[S any] interface {
	Load(b *pgx.Batch, events []event.Event) S
	Decide(s S, now time.Time, e event.Event) ([]event.Event, error)
	Store(b *pgx.Batch, s S)
}

// Of makes steps of the older form.
func Of[S any](pool *pgxpool.Pool, h Handler[S], source string, log *slog.Logger) amqp.Handler {
	return Steps[*older[S]]{
		Begin: func() *older[S] { return &older[S]{handler: h} },
		other: func(_ *older[S], e event.Event) (Task[*older[S]], error) { return olderTask[S]{e}, nil },
	}.Handler(pool, source, log)
}

type older[S any] struct {
	handler Handler[S]
	events  []event.Event
	state   S
}

func (o *older[S]) Load(b *pgx.Batch)  { o.state = o.handler.Load(b, o.events) }
func (o *older[S]) Store(b *pgx.Batch) { o.handler.Store(b, o.state) }

func (o *older[S]) Assume() (ok bool) {
	if assumer, can := o.handler.(interface {
		Assume(events []event.Event) (S, bool)
	}); can {
		o.state, ok = assumer.Assume(o.events)
	}
	return ok
}

type olderTask[S any] struct{ e event.Event }

func (t olderTask[S]) Want(o *older[S]) { o.events = append(o.events, t.e) }

func (olderTask[S]) Decide(o *older[S], now time.Time, e event.Event) ([]event.Event, error) {
	return o.handler.Decide(o.state, now, e)
}
