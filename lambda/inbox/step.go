package inbox

import (
	"cmp"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
)

// Steps are what a service does with the events of one queue.
type Steps[S Batch] struct {
	Table Table[S]
	Begin func() S         // returns a batch that has loaded and changed nothing yet
	Clock func() time.Time // the time that tasks are handed; nil is the machine's clock

	// Ours tells which events these steps are for; nil is all. The others are acknowledged and get no inbox row. A service that brings one
	// type by two queues must say in both which events each of them handles: the queues share the inbox, in which an event is handled once.
	Ours func(e event.Event) bool

	// Idempotent says that the steps emit nothing, and that an event has its effect once without an inbox row: what is stored for it, or a key
	// of that, recognises it however late it comes again, also beside another replica that handles it at the same time. Its events then
	// get no inbox row. The error queue gets an event for which such a step emits something.
	Idempotent bool
}

// Table names the step for each type of event that the queue brings. The queue's bindings are made from its keys, so the
// queue brings exactly the types that have a step. The runner refuses any other type.
type Table[S Batch] map[event.Type]Step[S]

// Types lists the types that have a step, by name.
func (t Table[S]) Types() []event.Type {
	types := make([]event.Type, 0, len(t))
	for typ := range t {
		types = append(types, typ)
	}
	slices.SortFunc(types, func(a, b event.Type) int { return cmp.Compare(a.String(), b.String()) })
	return types
}

// Step reads an event, once, and returns what there is to do for it. It may compute what needs no lock from the batch,
// because the transaction has not begun yet. An error means that the event can never be handled: it goes to the error
// queue.
type Step[S Batch] func(s S, e event.Event) (Task[S], error)

// Task is what there is to do for one event.
type Task[S Batch] interface {
	// Want tells the batch what Decide needs from the database.
	Want(s S)

	// Decide works in memory on what was loaded, event after event in the order of the queue. now is the batch's time.
	// It returns the events that this one leads to: a business refusal is such an event. An error means that the event
	// cannot be handled (see amqp.Result); Decide must then leave s as it was.
	Decide(s S, now time.Time, e event.Event) ([]event.Event, error)
}

// Batch is what the tasks of one batch share: what they want, what was loaded for them and what they changed. Usually a
// pointer to a struct.
type Batch interface {
	// Load queues the queries for all that the tasks want. They lock the rows in one fixed order, the same in every
	// service's queues that share the rows.
	Load(b *pgx.Batch)

	// Store queues the writes of all that the tasks changed.
	Store(b *pgx.Batch)
}

// Timed is a Batch that needs the time before its tasks decide, for what it loads.
type Timed interface {
	Batch

	// At is called once, before the events are read. now is the time that the tasks will be handed.
	At(now time.Time)
}

// Assumer is a Batch that can do without Load where everything in it is new, which is nearly always. The batch then takes
// one round trip instead of two.
//
// The database must refuse what was assumed wrongly by a unique key (23505): the inbox row refuses an event that was
// handled before, and what Store writes must refuse everything else. A refused batch is handled again with Load.
type Assumer interface {
	Batch

	// Assume sets up the batch as Load would if nothing that the tasks want were there yet. It returns false where the
	// tasks need Load.
	Assume() bool
}
