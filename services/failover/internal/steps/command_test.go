package steps_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/failover/internal/messages"
	"fxcore/services/failover/internal/plan"
	"fxcore/services/failover/internal/store"
)

func TestACommandedMoveIsRequestedAndRecordedOnce(t *testing.T) {
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
	handle(t, h, told(t, contract.SessionTaken, "fix/2", 2), told(t, contract.SessionLeft, "fix/1", 1))
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

// word is a person's command to bar a provider, or to admit it.
func word(t *testing.T, command, why string) event.Event {
	t.Helper()
	return made(t, contract.FailoverCommanded, contract.Operations, command+why, messages.Command{Command: command, Provider: "A", By: "anna@ops-1", Why: why})
}

// A bar is told to every gateway, whether it reports a session of the provider or not, once each; the history has who said so. Without a
// reason, or for a provider that nobody knows, nothing is told.
func TestABarIsToldToEveryGateway(t *testing.T) {
	pool, h := begun(t)
	handle(t, h, made(t, contract.InstanceReported, "socket", "socket/1", map[string]any{
		"instance": "socket/1", "started": now, "sequence": 1, "ready": true, "sessions": []map[string]any{},
	}))
	bar := word(t, plan.CommandBar, "its key was stolen")
	var keys []string
	for _, e := range handle(t, h, bar) {
		var w messages.Word
		if err := e.Read(&w); err != nil || w.Provider != "A" || w.By != "anna@ops-1" || w.Why != "its key was stolen" || !e.Deadline.IsZero() {
			t.Errorf("%+v, %v", w, err)
		}
		keys = append(keys, e.Key())
	}
	if diff := cmp.Diff([]string{"session.barred.fix", "session.barred.socket"}, keys); diff != "" {
		t.Error(diff)
	}
	if told := handle(t, h, word(t, plan.CommandBar, ""), commanded(t, plan.CommandBar, "NOBODY", "")); len(told) > 0 {
		t.Errorf("told %+v", told)
	}
	lines := history(t, pool)
	for _, line := range []string{"command bar A ", "refused bar A ", "refused bar NOBODY "} {
		if !slices.Contains(lines, line) {
			t.Errorf("%q is not in the history %q", line, lines)
		}
	}
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
