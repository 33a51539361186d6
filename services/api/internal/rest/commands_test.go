package rest_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/messages"
	"fxcore/services/api/internal/steps"
	"fxcore/services/api/internal/store"
	"fxcore/services/contract"
)

// fail hears that a leg of a registered trade has failed, and returns the place of its movement.
func (b *bench) fail(at time.Time) string {
	b.t.Helper()
	b.register(id("1"), "FXS1")
	b.failAgain(at)
	return "/v1/movements/" + id("movement")
}

// A command that the broker never got is judged anew when it comes again. One that was accepted is not.
func TestARepeatOfACommandThatWasNotAcceptedIsJudgedAnew(t *testing.T) {
	b := setUp(t)
	now := time.Now()
	place := b.fail(now)
	seen := b.call(http.MethodGet, place, operator, nil).Header.Get("ETag")
	command := func(seen string) answer {
		return b.call(http.MethodPost, place+"/commands", operator, map[string]any{"action": "retry", "reason": "the client has paid in"},
			"Idempotency-Key", "key-0001", "If-Match", seen)
	}
	b.away = errors.New("away")
	command(seen).is(t, http.StatusServiceUnavailable, "unavailable")
	b.away = nil
	b.failAgain(now.Add(time.Second))
	command(seen).is(t, http.StatusPreconditionFailed, "changed")
	if len(b.published) > 0 {
		t.Errorf("published %v", b.published)
	}
	anew := b.call(http.MethodGet, place, operator, nil).Header.Get("ETag")
	read[struct{}](t, command(anew), http.StatusAccepted)
	b.failAgain(now.Add(2 * time.Second))
	read[struct{}](t, command(anew), http.StatusAccepted)
	if len(b.published) != 1 {
		t.Errorf("published %v", b.published)
	}
}

func (b *bench) failAgain(at time.Time) {
	b.t.Helper()
	b.handleAs(at.String(), contract.SettlementFailed, id("1"), map[string]any{
		"trade_id": id("1"), "version": 1, "leg": 1, "value_date": "2026-11-26", "movement_id": id("movement"), "code": "no_funds", "text": "short", "failed_at": at,
	})
}

func TestOperationsResolveAMovement(t *testing.T) {
	b := setUp(t)
	place := b.fail(time.Now())
	body := map[string]any{"action": "retry", "reason": "the client has paid in"}
	seen := b.call(http.MethodGet, place, operator, nil)
	if got := read[struct{ Legs []store.SettledLeg }](t, seen, http.StatusOK); len(got.Legs) != 1 || got.Legs[0].Code != "no_funds" {
		t.Fatalf("%+v", got)
	}
	with := []string{"Idempotency-Key", "key-0001", "If-Match", seen.Header.Get("ETag")}
	ids := map[string]bool{}
	for range 2 { // a repeat is the same command
		ids[read[struct {
			ID string `json:"command_id"`
		}](t, b.call(http.MethodPost, place+"/commands", operator, body, with...), http.StatusAccepted).ID] = true
	}
	if len(ids) != 1 || len(b.published) != 1 || !ids[b.given(0).ID] || b.given(0).Type != contract.SettlementCommanded {
		t.Fatalf("%v, %+v", ids, b.published)
	}
	var got messages.SettlementCommanded
	want := messages.SettlementCommanded{MovementID: id("movement"), Action: "retry", By: "U0003", Reason: "the client has paid in"}
	if err := b.given(0).Read(&got); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	b.call(http.MethodPost, place+"/commands", trader, body, with...).is(t, http.StatusForbidden, "no_right")
	body["reason"] = "another"
	b.call(http.MethodPost, place+"/commands", operator, body, with...).is(t, http.StatusUnprocessableEntity, "key_reused")
	for _, action := range []string{"settle_by_hand", "found"} {
		body["action"] = action
		delete(body, "reference")
		b.call(http.MethodPost, place+"/commands", operator, body, "Idempotency-Key", "key-2"+action).is(t, http.StatusUnprocessableEntity, "invalid")
		body["reference"] = "M1"
		read[struct{}](t, b.call(http.MethodPost, place+"/commands", operator, body, "Idempotency-Key", "key-2"+action, "If-Match", with[3]), http.StatusAccepted)
	}
	body["action"] = "retry"
	b.call(http.MethodPost, place+"/commands", operator, body, "Idempotency-Key", "key-0003").is(t, http.StatusUnprocessableEntity, "invalid")
}

// The broker may get a command after its caller was told that it is not safe: whoever handles it later than half a minute refuses it. A
// repeat has its whole time.
func TestACommandHasADeadline(t *testing.T) {
	now := time.Now()
	b := setUp(t, func(_ *testing.T, b *bench) { b.clock = func() time.Time { return now } })
	place := b.fail(now)
	seen := b.call(http.MethodGet, place, operator, nil).Header.Get("ETag")
	give := func() []answer {
		return []answer{
			b.call(http.MethodPost, place+"/commands", operator, map[string]any{"action": "retry", "reason": "paid in"}, "Idempotency-Key", "key-0001", "If-Match", seen),
			b.call(http.MethodPost, "/v1/job-commands", operator, map[string]any{"job": "j", "action": "start", "reason": "r"}, "Idempotency-Key", "key-0002"),
		}
	}
	b.away = errors.New("away")
	for _, a := range give() {
		a.is(t, http.StatusServiceUnavailable, "unavailable")
	}
	now, b.away = now.Add(time.Minute), nil
	give()
	if len(b.published) != 2 {
		t.Fatalf("published %v", b.published)
	}
	for _, e := range b.published {
		if e.Expired(now.Add(29*time.Second)) || !e.Expired(now.Add(31*time.Second)) {
			t.Errorf("%s: the deadline is %s, and it is %s", e.Type, e.Deadline, now)
		}
	}
}

// Who has not seen the movement as it is commands nothing.
func TestACommandNamesWhatItsPersonHasSeen(t *testing.T) {
	b := setUp(t)
	now := time.Now()
	place := b.fail(now)
	body := map[string]any{"action": "retry", "reason": "the client has paid in"}
	seen := b.call(http.MethodGet, place, operator, nil).Header.Get("ETag")
	b.failAgain(now.Add(time.Second))
	b.call(http.MethodPost, place+"/commands", operator, body, "Idempotency-Key", "key-0001").is(t, http.StatusPreconditionRequired, "if_match_missing")
	b.call(http.MethodPost, place+"/commands", operator, body, "Idempotency-Key", "key-0001", "If-Match", seen).is(t, http.StatusPreconditionFailed, "changed")
	b.call(http.MethodPost, "/v1/movements/"+id("none")+"/commands", operator, body, "Idempotency-Key", "key-0001").is(t, http.StatusNotFound, "not_found")
	if len(b.published) > 0 {
		t.Errorf("published %v", b.published)
	}
}

// A movement that was asked for again is shown so, whoever has asked, until it is settled, has failed again, or the command is declined.
func TestAMovementThatWasAskedForAgainWaits(t *testing.T) {
	b := setUp(t)
	now := time.Now()
	place := b.fail(now.Add(-time.Minute))
	command := func(name string) {
		e, err := messages.SettlementCommanded{MovementID: id("movement"), Action: "retry", By: "U0003", Reason: "paid in"}.Event(name, now)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range steps.Facts().Handler(b.Pool, "api/test", testkit.Log(t)).Handle(t.Context(), []event.Event{e}) {
			if r.Err != nil {
				t.Error(r.Err)
			}
		}
	}
	asked := func() *blotter.Asked {
		return read[struct{ Legs []store.SettledLeg }](t, b.call(http.MethodGet, place, operator, nil), http.StatusOK).Legs[0].Asked
	}
	for range 2 { // the message comes again
		command("key-0001")
	}
	if a := asked(); a == nil || a.By != "U0003" || a.Action != "retry" {
		t.Fatalf("%+v", a)
	}
	b.failAgain(now.Add(time.Second))
	if a := asked(); a != nil {
		t.Errorf("it has failed again, and waits: %+v", a)
	}
	command("key-0001") // late
	if a := asked(); a != nil {
		t.Errorf("a command from before the failure: %+v", a)
	}
}

// Who gives a command that cannot be done is told so, with the reason.
func TestACommandThatCannotBeDoneIsAnswered(t *testing.T) {
	b := setUp(t)
	place := b.fail(time.Now())
	b.ran(contract.SettlementDeclined, "1", id("command"), map[string]any{
		"movement_id": id("movement"), "action": "found", "by": "U0003", "reason": "r", "reference": "M1", "text": "not allowed in this state", "declined_at": time.Now(),
	})
	type shown struct {
		Declined []blotter.Declined `json:"declined_commands"`
	}
	got := read[shown](t, b.call(http.MethodGet, place, operator, nil), http.StatusOK).Declined
	if len(got) != 1 || got[0].CommandID != id("command") || got[0].Text != "not allowed in this state" || got[0].By != "U0003" {
		t.Errorf("%+v", got)
	}
	if got := read[shown](t, b.call(http.MethodGet, place, trader, nil), http.StatusOK).Declined; len(got) > 0 {
		t.Errorf("a trader sees %+v", got)
	}
}

func TestOperationsStartAJob(t *testing.T) {
	b := setUp(t)
	body := map[string]any{"job": "execute due legs", "action": "start", "reason": "a report came late"}
	read[struct{}](t, b.call(http.MethodPost, "/v1/job-commands", operator, body, "Idempotency-Key", "key-0001"), http.StatusAccepted)
	var got messages.JobCommanded
	if err := b.given(0).Read(&got); err != nil || got.Job != "execute due legs" || got.By != "U0003" || got.Reason == "" {
		t.Errorf("%+v, %v", got, err)
	}
	b.call(http.MethodPost, "/v1/job-commands", operator, body).is(t, http.StatusBadRequest, "key_missing")
	body["action"] = "stop"
	b.call(http.MethodPost, "/v1/job-commands", operator, body, "Idempotency-Key", "key-0001").is(t, http.StatusUnprocessableEntity, "key_reused")
	b.call(http.MethodPost, "/v1/job-commands", trader, body, "Idempotency-Key", "key-0001").is(t, http.StatusForbidden, "no_right")
}
