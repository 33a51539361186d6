package rest_test

import (
	"net/http"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/messages"
	"fxcore/services/api/internal/question"
	"fxcore/services/api/internal/steps"
	"fxcore/services/contract"
)

// tell hands a message about an action to the read model.
func (b *bench) tell(name string, typ event.Type, trade string, data any) {
	b.t.Helper()
	b.handleEvent(steps.ActionSteps().Handler(b.Pool, "api/test", testkit.Log(b.t)), name, typ, trade, data)
}

func proposal(trade, by string) map[string]any {
	return map[string]any{
		"action_id": messages.ActionID(trade, by, "key-0001"), "action": "delete", "trade_id": trade, "version": 1, "state": "proposed", "proposed_by": by,
		"reason": "entered twice", "proposed_at": time.Now().UTC(), "expires_at": time.Now().UTC().Add(time.Hour),
	}
}

func with(all map[string]any, nameValue ...any) map[string]any {
	for i := 0; i < len(nameValue); i += 2 {
		all[nameValue[i].(string)] = nameValue[i+1]
	}
	return all
}

var wrong = map[string]any{"reason": "entered twice"}

func TestAPersonProposesToDeleteATrade(t *testing.T) {
	b := setUp(t)
	b.register(id("1"), "FXS1")
	path := "/v1/trades/" + id("1") + "/deletions"
	key := []string{"Idempotency-Key", "key-0001"}
	b.call(http.MethodPost, path, operator, wrong, key...).is(t, http.StatusPreconditionRequired, "if_match_missing")
	b.call(http.MethodPost, path, operator, wrong, append(key, "If-Match", `"2"`)...).is(t, http.StatusPreconditionFailed, "changed")
	b.call(http.MethodPost, path, trader, wrong, append(key, "If-Match", `"1"`)...).is(t, http.StatusForbidden, "no_right")
	b.call(http.MethodPost, path, system, wrong, append(key, "If-Match", `"1"`)...).is(t, http.StatusForbidden, "no_right")
	b.call(http.MethodPost, "/v1/trades/"+id("9")+"/deletions", operator, wrong, append(key, "If-Match", `"1"`)...).is(t, http.StatusNotFound, "not_found")

	a := b.call(http.MethodPost, path, operator, wrong, append(key, "If-Match", `"1"`)...)
	got := read[struct {
		CommandID string `json:"command_id"`
		ActionID  string `json:"action_id"`
	}](t, a, http.StatusAccepted)
	if want := messages.ActionID(id("1"), "U0003", "key-0001"); got.ActionID != want || a.Header.Get("Location") != "/v1/actions/"+want || got.CommandID == "" {
		t.Errorf("%+v, %s", got, a.Header.Get("Location"))
	}
	b.mu.Lock()
	published := append([]event.Event{}, b.published...)
	b.mu.Unlock()
	if len(published) != 1 || published[0].Type != contract.CommandRequested {
		t.Fatalf("%+v", published)
	}
	again := b.call(http.MethodPost, path, operator, wrong, append(key, "If-Match", `"1"`)...)
	if again.Status != http.StatusAccepted || string(again.Body) != string(a.Body) {
		t.Errorf("again: %d %s", again.Status, again.Body)
	}
}

// Each line: who may decide what about a proposal of U0003.
func TestAnotherPersonDecides(t *testing.T) {
	b := setUp(t)
	b.register(id("1"), "FXS1")
	own, others := proposal(id("1"), "U0003"), proposal(id("1"), "U0013")
	b.tell("own", contract.ActionProposed, id("1"), own)
	b.tell("others", contract.ActionProposed, id("1"), others)
	decide := func(a map[string]any, token, decision, key string) answer {
		return b.call(http.MethodPost, "/v1/actions/"+a["action_id"].(string)+"/decisions", token, map[string]any{"decision": decision, "reason": "seen"}, "Idempotency-Key", key)
	}
	decide(own, operator, "approve", "key-0011").is(t, http.StatusForbidden, "same_person")
	decide(others, operator, "withdraw", "key-0012").is(t, http.StatusForbidden, "same_person")
	decide(others, trader, "approve", "key-0013").is(t, http.StatusForbidden, "no_right")
	if a := decide(others, operator, "approve", "key-0014"); a.Status != http.StatusAccepted {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := decide(own, operator, "withdraw", "key-0015"); a.Status != http.StatusAccepted {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	b.tell("ended", contract.ActionEnded, id("1"), with(own, "state", "withdrawn", "decided_by", "U0003", "decided_at", time.Now().UTC()))
	decide(own, operator, "withdraw", "key-0016").is(t, http.StatusPreconditionFailed, "changed")
	b.call(http.MethodPost, "/v1/actions/"+id("9")+"/decisions", operator, map[string]any{"decision": "approve", "reason": "seen"}, "Idempotency-Key", "key-0017").is(t, http.StatusNotFound, "not_found")
}

func TestWhatWaitsForASecondPersonIsListed(t *testing.T) {
	b := setUp(t)
	one, two := proposal(id("1"), "U0003"), proposal(id("2"), "U0003")
	list := func(filter string) []blotter.Action {
		return read[struct{ Actions []blotter.Action }](t, b.call(http.MethodGet, "/v1/actions"+filter, operator, nil), http.StatusOK).Actions
	}
	b.tell("1", contract.ActionProposed, id("1"), one)
	b.tell("2", contract.ActionProposed, id("2"), two)
	if got := list(""); len(got) != 2 {
		t.Errorf("%+v", got)
	}
	ended := with(proposal(id("2"), "U0003"), "state", "declined", "decided_by", "U0013", "decided_at", time.Now().UTC(), "decision", "no")
	b.tell("3", contract.ActionEnded, id("2"), ended)
	b.tell("2 again", contract.ActionProposed, id("2"), two) // late: what has ended stays so
	if got := list(""); len(got) != 1 || got[0].TradeID != id("1") {
		t.Errorf("%+v", got)
	}
	if got := list("?trade=" + id("2")); len(got) != 1 || got[0].State != "declined" || got[0].DecidedBy != "U0013" {
		t.Errorf("%+v", got)
	}
	a := read[blotter.Action](t, b.call(http.MethodGet, "/v1/actions/"+one["action_id"].(string), operator, nil), http.StatusOK)
	if a.Reason != "entered twice" || a.ProposedBy != "U0003" {
		t.Errorf("%+v", a)
	}
	b.call(http.MethodGet, "/v1/actions", trader, nil).is(t, http.StatusForbidden, "no_right")
}

// Trading says what may be done. Only who may do it asks.
func TestWhatMayBeDoneWithATradeIsAsked(t *testing.T) {
	b := setUp(t)
	b.register(id("1"), "FXS1")
	path := "/v1/trades/" + id("1") + "/actions"
	var asked event.Event
	b.onAsk = func(e event.Event) (event.Event, error) {
		asked = e
		return e.Next(contract.ActionsListed, sample.Of(t, "services/trading/internal/messages", contract.ActionsListed))
	}
	b.call(http.MethodGet, path, trader, nil).is(t, http.StatusForbidden, "no_right")
	b.call(http.MethodGet, "/v1/trades/"+id("9")+"/actions", operator, nil).is(t, http.StatusNotFound, "not_found")
	a := b.call(http.MethodGet, path, operator, nil)
	got := read[messages.PossibleActions](t, a, http.StatusOK)
	var of messages.ActionsRequested
	if err := asked.Read(&of); err != nil || of.Question != (messages.TradeVersion{TradeID: id("1"), Version: 1}) || a.Header.Get("ETag") != `"1"` {
		t.Errorf("%+v, %v", of, err)
	}
	if len(got.Actions) != 1 || got.Actions[0].Action != "delete" || got.State != "open" || !got.Actions[0].TwoPersons || len(got.Actions[0].Ends) != 1 {
		t.Errorf("%+v", got)
	}
	b.onAsk = func(e event.Event) (event.Event, error) { return e, question.ErrUnanswered }
	b.call(http.MethodGet, path, operator, nil).is(t, http.StatusServiceUnavailable, "unavailable")
}

// Nobody has decided in time: it does not wait any more, also before trading says so.
func TestWhatHasExpiredDoesNotWait(t *testing.T) {
	b := setUp(t)
	late := with(proposal(id("1"), "U0013"), "expires_at", time.Now().Add(-time.Minute).UTC())
	b.tell("1", contract.ActionProposed, id("1"), late)
	for filter, want := range map[string]int{"": 0, "?trade=" + id("1"): 1} {
		got := read[struct{ Actions []blotter.Action }](t, b.call(http.MethodGet, "/v1/actions"+filter, operator, nil), http.StatusOK).Actions
		if len(got) != want || want > 0 && (got[0].State != "expired" || got[0].Code != "too_late") {
			t.Errorf("%q: %+v", filter, got)
		}
	}
	b.call(http.MethodPost, "/v1/actions/"+late["action_id"].(string)+"/decisions", operator, map[string]any{"decision": "approve", "reason": "seen"}, "Idempotency-Key", "key-0021").
		is(t, http.StatusPreconditionFailed, "changed")
}

// The trade says who has deleted it, whatever the order of the messages, and what the mainframe has made of it.
func TestADeletedTradeSaysWhoAndWhy(t *testing.T) {
	for _, order := range [][]event.Type{{contract.TradeDeleted, contract.ReversalBooked}, {contract.ReversalBooked, contract.TradeDeleted}} {
		b := setUp(t)
		b.register(id("1"), "FXS1")
		for _, typ := range order {
			producer := map[event.Type]string{contract.TradeDeleted: "services/trading", contract.ReversalBooked: "gateways/mainframe"}[typ]
			e := event.Event{Type: typ, Data: sample.Of(t, producer+"/internal/messages", typ)}
			data := map[string]any{}
			if err := e.Read(&data); err != nil {
				t.Fatal(err)
			}
			b.tell("", typ, id("1"), with(data, "trade_id", id("1")))
		}
		got := read[blotter.Trade](t, b.call(http.MethodGet, "/v1/trades/"+id("1"), trader, nil), http.StatusOK)
		if got.State != blotter.Deleted || got.Deletion == nil || got.Deletion.ProposedBy == "" || got.Deletion.ApprovedBy == "" || got.Deletion.Reversal == nil ||
			got.Deletion.Reversal.Reference == "" {
			t.Errorf("%+v", got)
		}
		if listed := read[struct{ Trades []blotter.Trade }](t, b.call(http.MethodGet, "/v1/trades?state=deleted", trader, nil), http.StatusOK); len(listed.Trades) != 1 {
			t.Errorf("%+v", listed)
		}
	}
}

// trading publishes what the API reads.
func TestTradingsSamplesOfActionsAreRead(t *testing.T) {
	for _, typ := range []event.Type{contract.ActionProposed, contract.ActionEnded} {
		e := event.Event{ID: "1", Type: typ, Time: time.Now(), Data: sample.Of(t, "services/trading/internal/messages", typ)}
		if a, err := messages.ReadAction(e); err != nil || a.ProposedBy == "" || a.Kind != messages.DeleteTrade {
			t.Errorf("%s: %+v, %v", typ, a, err)
		}
	}
}
