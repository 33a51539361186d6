package rest_test

import (
	"net/http"
	"testing"

	"fxcore/services/api/internal/messages"
	"fxcore/services/contract"
)

func runsAhead(_ *testing.T, b *bench) { b.ahead = true }

func TestOperationsEndTheDayWhereDaysMayBeRunAhead(t *testing.T) {
	b := setUp(t, runsAhead)
	body := map[string]any{"reason": "to see forwards mature"}
	ids := map[string]bool{}
	for range 2 { // a repeat is the same command
		got := b.call(http.MethodPost, "/v1/days", operator, body, "Idempotency-Key", "key-0001")
		id := read[struct {
			ID string `json:"command_id"`
		}](t, got, http.StatusAccepted).ID
		ids[id] = true
		if place := got.Header.Get("Location"); place != "/v1/jobs?command="+id || b.call(http.MethodGet, place, operator, nil).Status != http.StatusOK {
			t.Errorf("its place is %q", place)
		}
	}
	if len(ids) != 1 || len(b.published) != 1 || b.given(0).Type != contract.JobCommanded {
		t.Fatalf("%v, %+v", ids, b.published)
	}
	var got messages.JobCommanded
	want := messages.JobCommanded{Service: "settlement", Job: "end the business day", Action: "start", By: "U0003", Reason: "to see forwards mature"}
	if err := b.given(0).Read(&got); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestElsewhereNoDayIsEnded(t *testing.T) {
	b := setUp(t)
	b.call(http.MethodPost, "/v1/days", operator, map[string]any{"reason": "test"}, "Idempotency-Key", "key-0001").is(t, http.StatusNotFound, "not_found")
	if len(b.published) != 0 {
		t.Errorf("%+v", b.published)
	}
}

// The right to end a day is its own: whoever may command other jobs may not end it by that way.
func TestOnlyWhoHasTheRightEndsTheDay(t *testing.T) {
	b := setUp(t, runsAhead)
	for _, token := range []string{trader, system, narrow, jobsOnly} {
		b.call(http.MethodPost, "/v1/days", token, map[string]any{"reason": "test"}, "Idempotency-Key", "key-0001").is(t, http.StatusForbidden, "no_right")
	}
	command := map[string]any{"job": "end the business day", "action": "start", "reason": "test"}
	b.call(http.MethodPost, "/v1/job-commands", jobsOnly, command, "Idempotency-Key", "key-0002").is(t, http.StatusForbidden, "no_right")
	command["job"] = "balance books"
	read[struct{}](t, b.call(http.MethodPost, "/v1/job-commands", jobsOnly, command, "Idempotency-Key", "key-0003"), http.StatusAccepted)
	if len(b.published) != 1 {
		t.Errorf("%+v", b.published)
	}
}
