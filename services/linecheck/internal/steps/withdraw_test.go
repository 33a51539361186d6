package steps

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

func sessionEnded(t *testing.T, serial, provider string, until time.Time) event.Event {
	t.Helper()
	return message(t, contract.SessionEnded, "session", serial, time.Time{}, messages.SessionEnded{Provider: provider, Until: until})
}

// left returns n open reservations of an absent provider.
func left(n int, provider string, kind line.Kind) open {
	return open{n: n, provider: provider, kind: kind, lapse: time.Now().Add(time.Hour)}
}

// Only the provider's own reservations by line checks are withdrawn. Reservations of other providers stay, as do those of
// trades in progress and those made after the provider had come back.
func TestOnlyWhatAProviderReservedByChecksUntilThenIsWithdrawn(t *testing.T) {
	pool := schema(t)
	before := time.Now().Add(-time.Hour)
	reserve(t, pool, left(3, "ALPHA", line.ForCheck))
	reserve(t, pool, left(3, "ALPHA", line.ForTrade))
	reserve(t, pool, left(3, "BETA", line.ForCheck))
	h := Sessions().Handler(pool, "linecheck/1", testkit.Log(t))
	handle(t, h, sessionEnded(t, "of an earlier time", "ALPHA", before))
	if got := stillOpen(t, pool)["ALPHA check"]; got != 3 {
		t.Fatalf("%d are open, want 3: they were reserved later", got)
	}
	for _, serial := range []string{"now", "and again"} {
		if emitted := handle(t, h, sessionEnded(t, serial, "ALPHA", time.Now().Add(time.Minute))); len(emitted) != 0 {
			t.Errorf("there is more to do: %v", emitted)
		}
		if diff := cmp.Diff(map[string]int{"ALPHA trade": 3, "BETA check": 3}, stillOpen(t, pool)); diff != "" {
			t.Fatal(diff)
		}
	}
	var withdrawn int
	err := pool.QueryRow(t.Context(), "select count(*) from reservation where state = 'WITHDRAWN' and resolved_at is not null").Scan(&withdrawn)
	if err != nil || withdrawn != 3 {
		t.Errorf("%d, %v", withdrawn, err)
	}
}

func TestSeveralProvidersInOneBatch(t *testing.T) {
	pool := schema(t)
	for _, provider := range []string{"ALPHA", "BETA", "GAMMA"} {
		reserve(t, pool, left(2, provider, line.ForCheck))
	}
	soon := time.Now().Add(time.Minute)
	handle(t, Sessions().Handler(pool, "linecheck/1", testkit.Log(t)),
		sessionEnded(t, "1", "ALPHA", soon), sessionEnded(t, "2", "BETA", time.Now().Add(-time.Minute)), sessionEnded(t, "3", "GAMMA", soon))
	if diff := cmp.Diff(map[string]int{"BETA check": 2}, stillOpen(t, pool)); diff != "" {
		t.Error(diff)
	}
}

func TestManyAreWithdrawnInParts(t *testing.T) {
	pool := schema(t)
	reserve(t, pool, left(450, "ALPHA", line.ForCheck))
	h := Sessions().Handler(pool, "linecheck/1", testkit.Log(t))
	events := []event.Event{sessionEnded(t, "1", "ALPHA", time.Now().Add(time.Minute))}
	for part, want := range []int{250, 50, 0} {
		events = handle(t, h, events...)
		if got := stillOpen(t, pool)["ALPHA check"]; got != want {
			t.Fatalf("after part %d: %d, want %d", part, got, want)
		}
	}
	if len(events) != 0 {
		t.Errorf("it goes on with nothing left: %v", events)
	}
}

func TestAMessageWithoutAProviderOrATimeIsRefused(t *testing.T) {
	t.Parallel()
	for _, data := range []string{`{"provider":5}`, `{}`, `{"provider":"ALPHA"}`, `{"until":"2026-11-24T10:00:00Z"}`} {
		e := message(t, contract.SessionEnded, "session", data, time.Time{}, json.RawMessage(data))
		if _, err := messages.ReadSessionEnded(e); err == nil || strings.Contains(err.Error(), "%!") {
			t.Errorf("%s: %v", data, err)
		}
	}
}
