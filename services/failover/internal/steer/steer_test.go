package steer_test

import (
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/failover/internal/messages"
	"fxcore/services/failover/internal/plan"
	"fxcore/services/failover/internal/steer"
	"fxcore/services/failover/internal/store"
)

// rules without waiting: an instance is steady at once, and dead only after an hour.
var rules = plan.Rules{Alive: time.Hour, Steady: 0, AtOnce: 2, Bound: time.Hour, Attempts: 3, Pause: time.Hour}

func schema(t *testing.T) *pgxpool.Pool {
	t.Helper()
	pool := testkit.Postgres(t)
	if err := postgres.Migrate(t.Context(), pool, inbox.Migrations, store.Migrations); err != nil {
		t.Fatal(err)
	}
	return pool
}

func replica(t *testing.T, pool *pgxpool.Pool) amqp.Handler {
	t.Helper()
	return inbox.Of(pool, steer.Handler{Rules: rules}, "failover/1", testkit.Log(t))
}

// reported is what an instance says; it holds the given providers of A and B, with epochs.
func reported(t *testing.T, name string, sequence int, holds map[string]int64) event.Event {
	t.Helper()
	sessions := []map[string]any{}
	for _, p := range []string{"A", "B"} {
		sessions = append(sessions, map[string]any{"provider": p, "held": holds[p] > 0, "epoch": holds[p]})
	}
	return made(t, messages.InstanceReported, "fix", fmt.Sprint(name, sequence), map[string]any{
		"instance": name, "started": time.Now().Truncate(time.Hour), "sequence": sequence, "ready": true, "sessions": sessions,
	})
}

func told(t *testing.T, typ event.Type, instance string, epoch int64) event.Event {
	t.Helper()
	return made(t, typ, "fix", fmt.Sprint(instance, epoch), map[string]any{
		"provider": "A", "instance": instance, "epoch": epoch, "at": time.Now(), "cause": "given",
	})
}

func commanded(t *testing.T, name, provider, instance string) event.Event {
	t.Helper()
	return made(t, messages.FailoverCommanded, messages.Operations, name+provider+instance,
		messages.Command{Command: name, Provider: provider, Instance: instance, By: "anna"})
}

func made(t *testing.T, typ event.Type, origin, serial string, data any) event.Event {
	t.Helper()
	e, err := event.New(typ, event.NewID(typ.Name, serial), origin, "story", data)
	if err != nil {
		t.Fatal(err)
	}
	e.Time = time.Now().UTC()
	return e
}

// handle returns what events led to; none may fail.
func handle(t *testing.T, h amqp.Handler, events ...event.Event) (emitted []event.Event) {
	t.Helper()
	for _, r := range h.Handle(t.Context(), events) {
		if r.Err != nil {
			t.Fatal(r.Err)
		}
		emitted = append(emitted, r.Emit...)
	}
	return emitted
}

// begun has two instances, of which the first holds A, at home, and the second B.
func begun(t *testing.T) (*pgxpool.Pool, amqp.Handler) {
	t.Helper()
	pool := schema(t)
	h := replica(t, pool)
	requested := handle(t, h, commanded(t, plan.CommandManual, "", "before the first"),
		reported(t, "fix/1", 1, map[string]int64{"A": 1}), reported(t, "fix/2", 1, map[string]int64{"B": 1}),
		commanded(t, plan.CommandHome, "A", "fix/1"), commanded(t, plan.CommandHome, "B", "fix/2"), commanded(t, plan.CommandAutomatic, "", ""))
	if len(requested) > 0 {
		t.Fatalf("%+v", requested)
	}
	return pool, h
}

func history(t *testing.T, pool *pgxpool.Pool) (all []string) {
	t.Helper()
	found, err := store.History(t.Context(), pool, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range found {
		all = append([]string{fmt.Sprintf("%s %s %s", e.What, e.Provider, e.Instance)}, all...)
	}
	return all
}

func TestACommandedMoveIsRequestedOnceHoweverOftenItComes(t *testing.T) {
	pool, h := begun(t)
	command := commanded(t, plan.CommandMove, "A", "fix/2")
	requested := handle(t, h, command)
	if len(requested) != 1 {
		t.Fatalf("%d requests", len(requested))
	}
	e := requested[0]
	var m messages.Move
	if err := e.Read(&m); err != nil {
		t.Fatal(err)
	}
	want := messages.Move{Provider: "A", From: "fix/1", To: "fix/2", Epoch: 1, Reason: "command"}
	if diff := cmp.Diff(want, m); diff != "" || e.Key() != "move.requested.fix" || e.Deadline.IsZero() || e.Causation != command.ID {
		t.Errorf("%s; %+v", diff, e)
	}
	if diff := cmp.Diff(requested, handle(t, replica(t, pool), command)); diff != "" {
		t.Errorf("the second delivery led to something else: %s", diff)
	}
	taken, left := told(t, messages.SessionTaken, "fix/2", 2), told(t, messages.SessionLeft, "fix/1", 1)
	for range 2 {
		handle(t, h, taken, left, command) // late and again
	}
	if again := handle(t, h, reported(t, "fix/1", 2, nil), reported(t, "fix/2", 2, map[string]int64{"A": 2, "B": 1})); len(again) > 0 {
		t.Errorf("more moves: %+v", again)
	}
	lines := history(t, pool)
	wanted := []string{"command move A fix/2", "move requested A fix/2", "left A fix/1", "taken A fix/2", "move done A fix/2"}
	count := map[string]int{}
	for _, line := range lines {
		count[line]++
	}
	for _, line := range wanted {
		if count[line] != 1 {
			t.Errorf("%d times %q in %q", count[line], line, lines)
		}
	}
}

func TestAReportThatIsLateBringsNobodyBack(t *testing.T) {
	pool, h := begun(t)
	handle(t, h, reported(t, "fix/2", 9, map[string]int64{"B": 1}))
	old := reported(t, "fix/2", 3, map[string]int64{"A": 7, "B": 7})
	old.Time = time.Now().Add(-2 * time.Hour)
	handle(t, h, old)
	s, err := store.Read(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	if i := s.Instances["fix/2"]; i.Sequence != 9 || s.Homes[plan.Key{Gateway: "fix", Provider: "A"}].Epoch != 1 {
		t.Errorf("%+v", i)
	}
	dead := reported(t, "fix/3", 1, nil)
	dead.Time = time.Now().Add(-2 * time.Hour) // it waited in the queue while failover was away
	handle(t, h, dead)
	for _, r := range h.Handle(t.Context(), []event.Event{commanded(t, plan.CommandMove, "A", "fix/3")}) {
		if r.Err != nil || len(r.Emit) > 0 {
			t.Errorf("moved to an instance that was alive two hours ago: %+v", r)
		}
	}
	if e, handled, err := store.Answer(t.Context(), pool, commanded(t, plan.CommandMove, "A", "fix/3").ID); err != nil || !handled || e.What != "refused move" {
		t.Errorf("%+v, %v, %v", e, handled, err)
	}
}

func TestWhatCanNotBeReadDoesNotTouchItsNeighbours(t *testing.T) {
	_, h := begun(t)
	garbled := made(t, messages.InstanceReported, "fix", "garbled", map[string]any{"instance": "fix/1"})
	session := made(t, messages.SessionTaken, "fix", "garbled", map[string]any{"provider": "A"})
	nobody := made(t, messages.FailoverCommanded, messages.Operations, "garbled", map[string]any{"command": "drain"})
	foreign := made(t, event.Type{Name: "trade.registered", Version: 1}, "alpha", "foreign", map[string]any{})
	results := h.Handle(t.Context(), []event.Event{garbled, commanded(t, plan.CommandDrain, "", "fix/1"), session, nobody, foreign})
	for i, r := range results {
		if bad := i != 1; bad != (r.Err != nil) {
			t.Errorf("event %d: %v", i, r.Err)
		}
	}
	if len(results[1].Emit) != 1 {
		t.Errorf("the drain led to %d requests", len(results[1].Emit))
	}
}

// Two replicas get half of the reports each, and all of them twice: each move is requested once.
func TestReplicasDoNotPlanTwice(t *testing.T) {
	pool := schema(t)
	h := replica(t, pool)
	handle(t, h, reported(t, "fix/1", 1, map[string]int64{"A": 1, "B": 1}), commanded(t, plan.CommandDrain, "", "fix/1"))
	var mu sync.Mutex
	var all []event.Event
	var group sync.WaitGroup
	for r := range 4 {
		one := replica(t, pool)
		group.Go(func() {
			for n := range 5 {
				for _, result := range one.Handle(t.Context(), []event.Event{reported(t, "fix/2", 1+n*4+r, nil)}) {
					mu.Lock()
					all = append(all, result.Emit...)
					mu.Unlock()
				}
			}
		})
	}
	group.Wait()
	if len(all) != 2 {
		t.Errorf("%d requests, want one of A and one of B", len(all))
	}
}

// The plan survives its replicas: all of it is in the store.
func TestTheStoreGivesBackThePlan(t *testing.T) {
	pool, h := begun(t)
	handle(t, h, commanded(t, plan.CommandManual, "", ""), commanded(t, plan.CommandDrain, "", "fix/2"),
		commanded(t, plan.CommandFallback, "A", ""), told(t, messages.SessionLeft, "fix/1", 1))
	s, err := store.Read(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	if s.Automatic || !s.Instances["fix/2"].Draining || s.Instances["fix/1"].Draining || len(s.Instances["fix/1"].Sessions) != 2 {
		t.Errorf("automatic %v, %+v", s.Automatic, s.Instances["fix/2"])
	}
	again, err := store.Read(t.Context(), pool)
	if diff := cmp.Diff(s.Homes, again.Homes); err != nil || diff != "" {
		t.Error(err, diff)
	}
	b := plan.Key{Gateway: "fix", Provider: "B"}
	if m := s.Moves[b]; m == nil || m.From != "fix/2" || m.To != "fix/1" || m.State != plan.Requested || m.Reason != plan.ByDrain {
		t.Errorf("%+v", m)
	}
}

func TestWhatIsOldIsPurged(t *testing.T) {
	pool, h := begun(t)
	handle(t, h, commanded(t, plan.CommandManual, "", ""))
	for _, statement := range []string{
		`update history set at = at - interval '2 days'`, `update instance set reported_at = reported_at - interval '2 days'`,
		`update provider set home = 'fix/1'`,
	} {
		if _, err := pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.PurgeOnce(t.Context(), pool, 24*time.Hour); err != nil {
		t.Fatal(err)
	}
	s, err := store.Read(t.Context(), pool)
	if lines := history(t, pool); err != nil || len(lines) > 0 || s.Instances["fix/1"] == nil || s.Instances["fix/2"] != nil {
		t.Errorf("%v; %q; %v", err, lines, s.Instances)
	}
}

// What gateways say is understood.
func TestTheProducersSamplesAreRead(t *testing.T) {
	for _, typ := range []event.Type{messages.InstanceReported, messages.SessionTaken, messages.SessionLeft} {
		data, err := os.ReadFile("../../../../gateways/internal/duty/samples/" + typ.String() + ".json")
		if err != nil {
			t.Fatal(err)
		}
		e := made(t, typ, "fix", "sample", json.RawMessage(data))
		if typ == messages.InstanceReported {
			r, err := messages.ReadReport(e)
			if err != nil || !r.Ready || len(r.Sessions) != 2 || r.Sessions[0].Epoch == 0 || r.Sessions[0].Since.IsZero() || !r.Sessions[0].LoggedOn {
				t.Errorf("%+v, %v", r, err)
			}
			continue
		}
		if s, err := messages.ReadSession(e); err != nil || (typ == messages.SessionLeft) != (s.Cause != "") {
			t.Errorf("%+v, %v", s, err)
		}
	}
}

// The samples that readers are tested against are what is published.
func TestSamplesAreWhatIsPublished(t *testing.T) {
	_, h := begun(t)
	sample.Is(t, "../messages/samples", messages.MoveRequested, handle(t, h, commanded(t, plan.CommandMove, "A", "fix/2"))[0])
	sample.Is(t, "../messages/samples", messages.FailoverCommanded, made(t, messages.FailoverCommanded, messages.Operations, "sample", messages.Command{
		Command: plan.CommandMove, Provider: "A", Instance: "fix/2", By: "anna@ops-1", Why: "fix/1 is to be looked at",
	}))
}
