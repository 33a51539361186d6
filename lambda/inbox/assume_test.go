package inbox_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"pgregory.net/rapid"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
)

var (
	wished = event.Type{Name: "name.wished", Version: 1}
	given  = event.Type{Name: "name.given", Version: 1}
	taken  = event.Type{Name: "name.taken", Version: 1}
)

// naming gives each name to the first event that wishes it. It assumes that every name is free, and counts its loads.
func naming(loads *int) inbox.Steps[*names] {
	return inbox.Steps[*names]{
		Table: inbox.Table[*names]{wished: readWish},
		Begin: func() *names { return &names{loads: loads, owner: map[string]string{}} },
	}
}

type names struct {
	loads *int
	owner map[string]string
	added []string
}

func (s *names) Load(b *pgx.Batch) {
	*s.loads++
	b.Queue(`select name, owner::text from named for update`).Query(func(rows pgx.Rows) error {
		var name, owner string
		_, err := pgx.ForEachRow(rows, []any{&name, &owner}, func() error { s.owner[name] = owner; return nil })
		return err
	})
}

func (*names) Assume() bool { return true }

func (s *names) Store(b *pgx.Batch) {
	for _, name := range s.added {
		b.Queue(`insert into named (name, owner) values ($1, $2)`, name, s.owner[name])
	}
}

type nameWish struct{ Name string }

func readWish(_ *names, e event.Event) (inbox.Task[*names], error) {
	var w nameWish
	err := e.Read(&w)
	return w, err
}

func (nameWish) Want(*names) {}

func (w nameWish) Decide(s *names, _ time.Time, e event.Event) ([]event.Event, error) {
	outcome := taken
	if _, known := s.owner[w.Name]; !known {
		s.owner[w.Name], outcome = e.ID, given
		s.added = append(s.added, w.Name)
	}
	next, err := e.Next(outcome, map[string]string{"name": w.Name, "owner": s.owner[w.Name]})
	return []event.Event{next}, err
}

func register(t testing.TB) *pgxpool.Pool {
	t.Helper()
	db := postgrestest.Schema(t, inbox.Migrations)
	execute(t, db, `create table named (name text primary key, owner uuid not null)`)
	return db
}

func wish(t testing.TB, number int, name string) event.Event {
	t.Helper()
	return numbered(t, wished, number, map[string]string{"name": name})
}

func TestNewEventsAreHandledWithoutALoad(t *testing.T) {
	loads := 0
	h := naming(&loads).Handler(register(t), "test/1", testkit.Log(t))
	events := []event.Event{wish(t, 1, "a"), wish(t, 2, "b"), wish(t, 3, "a")}
	first := h.Handle(t.Context(), events)
	if loads != 0 {
		t.Errorf("%d loads for a batch of which all was new", loads)
	}
	if got := verdicts(first); got != "given given taken" {
		t.Error(got)
	}
	if diff := cmp.Diff(first, h.Handle(t.Context(), events)); diff != "" {
		t.Errorf("the second delivery led to other events: %s", diff)
	}
	if got := verdicts(h.Handle(t.Context(), []event.Event{wish(t, 4, "b"), wish(t, 5, "c")})); got != "taken given" {
		t.Errorf("a name that is taken: %s", got)
	}
	if loads != 2 {
		t.Errorf("%d loads for two batches of which not all was new", loads)
	}
}

func verdicts(results []amqp.Result) (text string) {
	for i, r := range results {
		if i > 0 {
			text += " "
		}
		if r.Err != nil {
			text += r.Err.Error()
			continue
		}
		text += r.Emit[0].Type.Name[len("name."):]
	}
	return text
}

// Whatever two replicas are handed, in whatever order and however often: each name has one owner, and each event one
// outcome.
func TestAssumptionsOfReplicasNeverBothHold(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		db := register(t)
		events := make([]event.Event, rapid.IntRange(1, 12).Draw(rt, "events"))
		for i := range events {
			events[i] = wish(t, i, rapid.SampledFrom([]string{"a", "b", "c"}).Draw(rt, "name"))
		}
		outcomes := make([]map[string]amqp.Result, 2)
		var replicas sync.WaitGroup
		for r := range outcomes {
			order := rapid.SliceOfN(rapid.SampledFrom(events), 1, 30).Draw(rt, "deliveries")
			size := rapid.IntRange(1, 5).Draw(rt, "batch")
			h := naming(new(int)).Handler(db, "test/1", testkit.Log(t))
			outcomes[r] = map[string]amqp.Result{}
			replicas.Go(func() { handleAll(h, order, size, outcomes[r]) })
		}
		replicas.Wait()
		owners := map[string]string{}
		for _, all := range outcomes {
			for id, result := range all {
				if other, both := outcomes[0][id]; both {
					if diff := cmp.Diff(other.Emit[0].Data, result.Emit[0].Data); diff != "" {
						rt.Fatalf("two outcomes of one event: %s", diff)
					}
				}
				if e := result.Emit[0]; e.Type == given {
					var data struct{ Name, Owner string }
					if err := e.Read(&data); err != nil || data.Owner != id {
						rt.Fatal(data, err)
					}
					if o, some := owners[data.Name]; some && o != id {
						rt.Fatalf("%s was given to %s and to %s", data.Name, o, id)
					}
					owners[data.Name] = id
				}
			}
		}
	})
}

func handleAll(h amqp.Handler, order []event.Event, size int, outcomes map[string]amqp.Result) {
	for start := 0; start < len(order); start += size {
		batch := order[start:min(start+size, len(order))]
		for i, r := range h.Handle(context.Background(), batch) {
			outcomes[batch[i].ID] = r
		}
	}
}
