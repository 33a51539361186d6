package inbox

import (
	"fmt"
	"runtime/debug"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
)

// work is one try to handle a batch of events.
type work[S Batch] struct {
	batch   S
	started time.Time
	read    []reading[S]           // of each event, in the batch's order
	seen    map[string][]byte      // inbox rows of events that were handled before, by event id
	results map[string]amqp.Result // of events handled now, or read from their rows, by event id
	handled []event.Event          // now: those that need an inbox row
}

// reading is the task of an event, or why it cannot be read.
type reading[S Batch] struct {
	task Task[S]
	err  error
}

// begin reads each event once and collects what their tasks want.
func (r *runner[S]) begin(events []event.Event) *work[S] {
	w := &work[S]{
		batch: r.steps.Begin(), started: r.now(), read: make([]reading[S], len(events)),
		seen: map[string][]byte{}, results: make(map[string]amqp.Result, len(events)),
	}
	if timed, is := any(w.batch).(Timed); is {
		timed.At(w.started)
	}
	for i, e := range events {
		w.read[i].task, w.read[i].err = r.task(w.batch, e)
	}
	return w
}

// task lets the step of an event read it and say what it wants. A panic meanwhile is the fault of this event alone.
func (r *runner[S]) task(batch S, e event.Event) (task Task[S], err error) {
	step := r.steps.Table[e.Type]
	if step == nil {
		return nil, fmt.Errorf("no step for type %s: this queue brings %v", e.Type, r.steps.Table.Types())
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic while reading: %v\n%s", p, debug.Stack())
		}
	}()
	if task, err = step(batch, e); err == nil {
		task.Want(batch)
	}
	return task, err
}

func (r reading[S]) decide(batch S, now time.Time, e event.Event) ([]event.Event, error) {
	if r.err != nil {
		return nil, r.err
	}
	return r.task.Decide(batch, now, e)
}

func (w *work[S]) readSeen(rows pgx.Rows) error {
	for rows.Next() {
		var id string
		var row []byte
		if err := rows.Scan(&id, &row); err != nil {
			return fmt.Errorf("read inbox: %w", err)
		}
		w.seen[id] = row
	}
	return rows.Err()
}

// has tells whether e has its outcome already: from an earlier delivery, or from earlier in this batch.
func (w *work[S]) has(e event.Event) (bool, error) {
	if _, ok := w.results[e.ID]; ok {
		return true, nil
	}
	row, ok := w.seen[e.ID]
	if !ok {
		return false, nil
	}
	emitted, err := readEmitted(row, e)
	if err != nil {
		return false, fmt.Errorf("read inbox row %s: %w", e.ID, err)
	}
	w.results[e.ID] = amqp.Result{Emit: emitted}
	return true, nil
}

// of lists the outcomes in the order of the events. An event that comes twice in a batch has its outcome twice.
func (w *work[S]) of(events []event.Event) []amqp.Result {
	results := make([]amqp.Result, len(events))
	for i, e := range events {
		results[i] = w.results[e.ID]
	}
	return results
}

func (w *work[S]) rows() [][]byte {
	rows := make([][]byte, len(w.handled))
	for i, e := range w.handled {
		rows[i] = appendEmitted(nil, e, w.results[e.ID].Emit)
	}
	return rows
}
