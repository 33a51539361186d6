package rest_test

import (
	"net/http"
	"testing"

	"fxcore/services/api/internal/messages"
	"fxcore/services/contract"
)

func TestOperationsResolveAMovement(t *testing.T) {
	b := setUp(t)
	place := "/v1/movements/" + id("movement") + "/commands"
	body := map[string]any{"action": "retry", "reason": "the client has paid in"}
	for range 2 { // a repeat is the same command
		read[struct{}](t, b.call(http.MethodPost, place, operator, body, "Idempotency-Key", "key-0001"), http.StatusAccepted)
	}
	if len(b.published) != 2 || b.published[0].ID != b.published[1].ID || b.published[0].Type != contract.SettlementCommanded {
		t.Fatalf("%+v", b.published)
	}
	var got messages.SettlementCommanded
	want := messages.SettlementCommanded{MovementID: id("movement"), Action: "retry", By: "U0003", Reason: "the client has paid in"}
	if err := b.published[0].Read(&got); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	b.call(http.MethodPost, place, trader, body, "Idempotency-Key", "key-0001").is(t, http.StatusForbidden, "no_right")
	body["action"] = "settle_by_hand"
	b.call(http.MethodPost, place, operator, body, "Idempotency-Key", "key-0002").is(t, http.StatusUnprocessableEntity, "invalid")
}

func TestOperationsStartAJob(t *testing.T) {
	b := setUp(t)
	body := map[string]any{"job": "execute due legs", "action": "start", "reason": "a report came late"}
	read[struct{}](t, b.call(http.MethodPost, "/v1/job-commands", operator, body, "Idempotency-Key", "key-0001"), http.StatusAccepted)
	var got messages.JobCommanded
	if err := b.published[0].Read(&got); err != nil || got.Job != "execute due legs" || got.By != "U0003" || got.Reason == "" {
		t.Errorf("%+v, %v", got, err)
	}
	b.call(http.MethodPost, "/v1/job-commands", operator, body).is(t, http.StatusUnprocessableEntity, "invalid")
	b.call(http.MethodPost, "/v1/job-commands", trader, body, "Idempotency-Key", "key-0001").is(t, http.StatusForbidden, "no_right")
}
