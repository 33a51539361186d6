package rest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/event"
	"fxcore/services/api/internal/messages"
	"fxcore/services/api/internal/question"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
	"fxcore/services/contract/rights"
)

// Ask answers as the test says.
func (b *bench) Ask(_ context.Context, e event.Event) (event.Event, error) { return b.onAsk(e) }

// linecheck lets the questions be answered with linecheck's own sample, and returns where the last question stands.
func (b *bench) linecheck(change func(answer map[string]any)) (asked *event.Event) {
	asked = new(event.Event)
	b.onAsk = func(e event.Event) (event.Event, error) {
		*asked = e
		typ := contract.LinesDelivered
		if e.Type == contract.WhatIfRequested {
			typ = contract.WhatIfAnswered
		}
		sample, err := os.ReadFile("../../../linecheck/internal/messages/samples/" + typ.String() + ".json")
		if err != nil {
			return e, err
		}
		var data map[string]any
		if err := json.Unmarshal(sample, &data); err != nil {
			return e, err
		}
		change(data["answer"].(map[string]any))
		return e.Next(typ, data)
	}
	return asked
}

func asIs(map[string]any) {}

func supposed(change func(map[string]any)) map[string]any {
	trade := map[string]any{
		"client": "C000900", "product": "swap", "pair": "EUR/USD", "currency": "USD",
		"legs": []any{map[string]any{"side": "buy", "amount": "1000", "tenor": "SPOT"}, map[string]any{"side": "sell", "amount": "1000", "value_date": "2026-12-28", "rate": "1.1"}},
	}
	change(trade)
	return map[string]any{"trades": []any{trade}}
}

// What linecheck answers is shown as it is: no figure is lost on the way.
func TestAWhatIfIsAskedAndAnswered(t *testing.T) {
	b := setUp(t)
	var told map[string]any
	asked := b.linecheck(func(a map[string]any) { told = a })
	shown := read[map[string]any](t, b.call(http.MethodPost, "/v1/what-ifs", trader, supposed(func(map[string]any) {})), http.StatusOK)
	delete(shown, "$schema")
	for _, trade := range told["trades"].([]any) { // ages are for logs: the times are shown
		basis := trade.(map[string]any)["basis"].(map[string]any)
		for _, age := range []string{"rates_age_seconds", "holdings_age_seconds", "lines_age_seconds"} {
			delete(basis, age)
		}
	}
	if diff := cmp.Diff(told, shown); diff != "" {
		t.Error(diff)
	}
	var question messages.WhatIfRequested
	if err := asked.Read(&question); err != nil {
		t.Fatal(err)
	}
	want := messages.WhatIfRequested{
		Caller: access.Caller{User: "U0001", Desk: "FXS1", Roles: []string{"trader"}},
		Question: messages.WhatIf{Trades: []messages.Supposed{{
			Client: "C000900", Product: "swap", Pair: "EUR/USD", Currency: "USD", Legs: []messages.SupposedLeg{
				{Side: "sell", Amount: "1000", Tenor: "SPOT"}, {Side: "buy", Amount: "1000", ValueDate: "2026-12-28", Rate: "1.1"},
			},
		}}},
	}
	if diff := cmp.Diff(want, question); diff != "" || asked.Deadline.Sub(asked.Time) <= 0 {
		t.Errorf("%s %v", diff, asked.Deadline)
	}
}

func TestAWhatIfThatMakesNoSenseIsNotAsked(t *testing.T) {
	b := setUp(t)
	b.onAsk = func(event.Event) (event.Event, error) { return event.Event{}, errors.New("asked") }
	leg := func(change func(map[string]any)) func(map[string]any) {
		return func(trade map[string]any) { change(trade["legs"].([]any)[0].(map[string]any)) }
	}
	for name, change := range map[string]func(map[string]any){
		"one leg of a swap":  func(m map[string]any) { m["legs"] = m["legs"].([]any)[:1] },
		"two legs of a spot": func(m map[string]any) { m["product"] = "spot" },
		"a third currency":   func(m map[string]any) { m["currency"] = "GBP" },
		"no date":            leg(func(m map[string]any) { delete(m, "tenor") }),
		"two dates":          leg(func(m map[string]any) { m["value_date"] = "2026-12-01" }),
		"no amount":          leg(func(m map[string]any) { m["amount"] = "" }),
	} {
		t.Log(name)
		b.call(http.MethodPost, "/v1/what-ifs", trader, supposed(change)).is(t, http.StatusUnprocessableEntity, "invalid")
	}
	b.call(http.MethodPost, "/v1/what-ifs", trader, map[string]any{"trades": []any{}}).is(t, http.StatusUnprocessableEntity, "invalid")
	b.call(http.MethodPost, "/v1/what-ifs", trader, map[string]any{"trades": slices.Repeat(supposed(func(map[string]any) {})["trades"].([]any), 51)}).is(t, http.StatusUnprocessableEntity, "invalid")
}

// Each role's cell of what-ifs and lines; then, within a role, what the token allows. Whose lines they are, linecheck decides.
func TestQuestionsNeedTheRight(t *testing.T) {
	b := setUp(t)
	asked := b.linecheck(asIs)
	token := func(name, role string, scope ...rights.Action) string {
		i := access.Issued{TokenHash: access.HashOf(name), User: "U0050", Desk: "FXS1", Client: "C000900", Audience: "api", Roles: []string{role}}
		i.IssuedAt, i.ExpiresAt = b.clock().UTC(), b.clock().Add(1e12).UTC()
		for _, a := range scope {
			i.Scope = append(i.Scope, string(a))
		}
		b.told(contract.TokenIssued, i.TokenHash, i)
		return name
	}
	try := func(name string, action rights.Action, may bool) {
		method, path, body := http.MethodGet, "/v1/lines/client/C000001", any(nil)
		if action == rights.AskWhatIf {
			method, path, body = http.MethodPost, "/v1/what-ifs", supposed(func(map[string]any) {})
		}
		got := b.call(method, path, name, body)
		if !may {
			got.is(t, http.StatusForbidden, "no_right")
			return
		}
		var question struct{ Caller access.Caller }
		if err := asked.Read(&question); err != nil || got.Status != http.StatusOK || question.Caller.Desk != "FXS1" || question.Caller.Client != "C000900" {
			t.Errorf("%s, %s: %d %s, asked by %+v, %v", name, action, got.Status, got.Body, question.Caller, err)
		}
	}
	for _, action := range []rights.Action{rights.AskWhatIf, rights.ViewLines} {
		for _, role := range rights.Roles() {
			try(token(fmt.Sprint("all-", action, role), string(role), rights.Actions()...), action, rights.Of(role, action) != rights.Nothing)
			try(token(fmt.Sprint("none-", action, role), string(role), rights.ViewMarket), action, false)
		}
		try(token(fmt.Sprint("director-", action), "director", rights.Actions()...), action, false)
	}
}

func TestLinesArePagedAndTagged(t *testing.T) {
	b := setUp(t)
	asked := b.linecheck(func(a map[string]any) { a["next"] = "desk/FXS1" })
	type page struct {
		Lines []messages.Line
		Next  string
		AsOf  string `json:"as_of"`
	}
	first := b.call(http.MethodGet, "/v1/lines?limit=3&client=C000001&min_used=0.9", trader, nil)
	got := read[page](t, first, http.StatusOK)
	if len(got.Lines) != 3 || got.Lines[0].Node != "client/C000001" || got.Lines[0].Headroom != "150000" || got.AsOf == "" || got.Next == "" {
		t.Errorf("%s", first.Body)
	}
	var question messages.LinesRequested
	if err := asked.Read(&question); err != nil || cmp.Diff(messages.LinesQuestion{Client: "C000001", MinUsed: "0.9", Limit: 3}, question.Question) != "" {
		t.Errorf("%+v, %v", question, err)
	}
	read[page](t, b.call(http.MethodGet, "/v1/lines?cursor="+got.Next, trader, nil), http.StatusOK)
	if err := asked.Read(&question); err != nil || question.Question.After != "desk/FXS1" {
		t.Errorf("%+v, %v", question, err)
	}
	later := b.call(http.MethodGet, "/v1/lines", trader, nil)
	b.linecheck(func(a map[string]any) { a["lines"].([]any)[0].(map[string]any)["used"] = "1" })
	if changed := b.call(http.MethodGet, "/v1/lines", trader, nil); later.Header.Get("ETag") != first.Header.Get("ETag") || changed.Header.Get("ETag") == first.Header.Get("ETag") {
		t.Errorf("tags %s, %s, %s", first.Header.Get("ETag"), later.Header.Get("ETag"), changed.Header.Get("ETag"))
	}
	b.call(http.MethodGet, "/v1/lines?cursor=*", trader, nil).is(t, http.StatusUnprocessableEntity, "cursor_unknown")
}

func TestOneLineAndItsLadder(t *testing.T) {
	b := setUp(t)
	asked := b.linecheck(func(a map[string]any) {
		line := a["lines"].([]any)[0].(map[string]any)
		line["ladder"] = []any{map[string]any{"value_date": "2026-11-26", "amount": "5"}}
	})
	if got := read[messages.Line](t, b.call(http.MethodGet, "/v1/lines/client/C000001", trader, nil), http.StatusOK); got.Limit != "100000" {
		t.Errorf("%+v", got)
	}
	got := read[struct {
		Node     string
		Currency string
		Rungs    []struct {
			ValueDate string `json:"value_date"`
			Due       string
		}
	}](t, b.call(http.MethodGet, "/v1/lines/client/C000001/ladder", trader, nil), http.StatusOK)
	if got.Node != "client/C000001" || got.Currency != "USD" || len(got.Rungs) != 1 || got.Rungs[0].Due != "5" || got.Rungs[0].ValueDate != "2026-11-26" {
		t.Errorf("%+v", got)
	}
	var question messages.LinesRequested
	if err := asked.Read(&question); err != nil || cmp.Diff(messages.LinesQuestion{Node: "client/C000001", Ladder: true, Limit: 1}, question.Question) != "" {
		t.Errorf("%+v, %v", question, err)
	}
	b.linecheck(func(a map[string]any) { a["lines"] = []any{} })
	b.call(http.MethodGet, "/v1/lines/client/C000002", trader, nil).is(t, http.StatusNotFound, "not_found")
	b.call(http.MethodGet, "/v1/lines/client/C000002/ladder", trader, nil).is(t, http.StatusNotFound, "not_found")
	b.call(http.MethodGet, "/v1/lines/branch/C000002", trader, nil).is(t, http.StatusUnprocessableEntity, "invalid")
}

func TestWithoutAnAnswerThereIsNone(t *testing.T) {
	b := setUp(t)
	b.onAsk = func(event.Event) (event.Event, error) { return event.Event{}, question.ErrUnanswered }
	for _, path := range []string{"/v1/lines", "/v1/lines/client/C000001", "/v1/lines/client/C000001/ladder"} {
		got := b.call(http.MethodGet, path, trader, nil)
		got.is(t, http.StatusServiceUnavailable, "unavailable")
		if got.Header.Get("Retry-After") == "" {
			t.Errorf("%s: no Retry-After", path)
		}
	}
	b.call(http.MethodPost, "/v1/what-ifs", trader, supposed(func(map[string]any) {})).is(t, http.StatusServiceUnavailable, "unavailable")
	b.linecheck(func(a map[string]any) { a["refused"] = map[string]any{"code": "no_static_data", "text": "too old"} })
	b.call(http.MethodGet, "/v1/lines", trader, nil).is(t, http.StatusServiceUnavailable, "no_static_data")
}
