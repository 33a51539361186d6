package inboxtest

import (
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
)

// twiceAndLate delivers the batch again, and then each event alone, the last one first.
func (q Queue[S]) twiceAndLate(t *testing.T) {
	pool := q.schema(t)
	first := q.replica(t, pool, "1").Handle(t.Context(), q.Events)
	allGood(t, first)
	tables := Tables(t, pool)
	other := q.replica(t, pool, "2")
	same(t, "the batch again", first, other.Handle(t.Context(), q.Events))
	for i := range slices.Backward(q.Events) {
		same(t, "an event again, late", first[i:i+1], other.Handle(t.Context(), q.Events[i:i+1]))
	}
	twice := slices.Concat(q.Events, q.Events)
	same(t, "all twice in one batch", slices.Concat(first, first), other.Handle(t.Context(), twice))
	unchanged(t, "delivered again", tables, Tables(t, pool))
}

// againAndAgain delivers the first event, then the first two, and so on, each time those that came before again, the last one first. Nothing
// but what the steps have stored recognises a repeat of idempotent steps.
func (q Queue[S]) againAndAgain(t *testing.T) {
	_, tables := q.once(t)
	pool := q.schema(t)
	for i, e := range q.Events {
		allGood(t, q.replica(t, pool, "1").Handle(t.Context(), q.Events[i:i+1]))
		before := Tables(t, pool)
		again := slices.Clone(q.Events[:i+1])
		slices.Reverse(again)
		allGood(t, q.replica(t, pool, "2").Handle(t.Context(), again))
		unchanged(t, "those before "+e.Type.String()+" again", before, Tables(t, pool))
	}
	unchanged(t, "all again and again", tables, Tables(t, pool))
}

// oneByOne holds that batching changes nothing.
func (q Queue[S]) oneByOne(t *testing.T) {
	batch, tables := q.once(t)
	pool := q.schema(t)
	replica := q.replica(t, pool, "1")
	for i := range q.Events {
		same(t, "an event alone", batch[i:i+1], replica.Handle(t.Context(), q.Events[i:i+1]))
	}
	unchanged(t, "handled one by one", tables, Tables(t, pool))
}

// besideBadNeighbours puts a bad event before each good one.
func (q Queue[S]) besideBadNeighbours(t *testing.T) {
	alone, tables := q.once(t)
	bad := slices.Concat(q.Bad, madeBad(q.Events[0]))
	var mixed []event.Event
	for i, e := range q.Events {
		mixed = append(mixed, bad[i%len(bad)], e)
	}
	mixed = append(mixed, bad...)
	pool := q.schema(t)
	results := q.replica(t, pool, "1").Handle(t.Context(), mixed)
	for i, e := range mixed {
		good := i < 2*len(q.Events) && i%2 == 1
		switch {
		case good:
			same(t, "beside bad neighbours", alone[i/2:i/2+1], results[i:i+1])
		case results[i].Err == nil:
			t.Errorf("a bad event was taken: %s %s", e.Type, e.Data)
		}
	}
	unchanged(t, "beside bad neighbours", tables, Tables(t, pool))
}

// madeBad are events that no step can handle: of another type, of another version, and without readable data.
func madeBad(good event.Event) []event.Event {
	foreign, newer, garbled := good, good, good
	foreign.ID, foreign.Type.Name = event.ChildID(good.ID, "foreign"), good.Type.Name+".foreign"
	newer.ID, newer.Type.Version = event.ChildID(good.ID, "newer"), good.Type.Version+1000
	garbled.ID, garbled.Data = event.ChildID(good.ID, "garbled"), []byte(`{"`)
	return []event.Event{foreign, newer, garbled}
}

// onTwoReplicas hands all events to two replicas at the same time, in batches of different sizes, and in opposite orders
// where any order will do.
func (q Queue[S]) onTwoReplicas(t *testing.T) {
	_, tables := q.once(t)
	pool := q.schema(t)
	orders := [2][]event.Event{q.Events, slices.Clone(q.Events)}
	if q.AnyOrder {
		slices.Reverse(orders[1])
	}
	var results [2][]amqp.Result
	var replicas sync.WaitGroup
	for r, name := range []string{"1", "2"} {
		replica := q.replica(t, pool, name)
		replicas.Go(func() {
			for batch := range slices.Chunk(orders[r], r+2) {
				results[r] = append(results[r], replica.Handle(t.Context(), batch)...)
			}
		})
	}
	replicas.Wait()
	if q.AnyOrder {
		slices.Reverse(results[1])
	}
	allGood(t, results[0])
	same(t, "the other replica", results[0], results[1])
	if !q.AnyOrder { // the order decides who gets what, so other orders may end otherwise
		unchanged(t, "on two replicas", tables, Tables(t, pool))
	}
}

// same holds that events led to the same events, whoever published them.
func same(t *testing.T, what string, want, got []amqp.Result) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateErrors(), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s: led to other events: %s", what, diff)
	}
}

func unchanged(t *testing.T, what, want, got string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: the tables hold something else: %s", what, diff)
	}
}
