package failed_test

import (
	"strings"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/monitoring/internal/failed"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func someEvent(t *testing.T, data map[string]any) (event.Event, []byte) {
	t.Helper()
	e, err := event.New(contract.TradeRequested, event.NewID(testkit.Day, "message"), "alpha", event.NewID(testkit.Day, "trade"), data)
	if err != nil {
		t.Fatal(err)
	}
	return e, event.Append(nil, e)
}

func given(body []byte, headers map[string]any) amqp.Raw {
	return amqp.Raw{MessageID: "m", ContentType: event.MediaType, RoutingKey: "trade.requested.alpha", Body: body, Headers: headers}
}

func TestAnEntryTellsWhatFailedAndWhy(t *testing.T) {
	t.Parallel()
	e, body := someEvent(t, map[string]any{"request": map[string]any{"client": "C1"}})
	m := failed.Read(given(body, map[string]any{
		"fx-queue": "trading", "fx-reason": `trade 17 of client "C1" has no rate`, "fx-routing-key": "trade.requested.alpha", "fx-source": "trading/1",
		"fx-attempt": int32(5), "fx-failed-at": "2026-11-24T11:00:00Z",
	}), noon)
	if m.Queue != "trading" || m.Type != "trade.requested.v1" || m.Client != "C1" || m.Correlation != e.Correlation || m.TraceID != event.TraceID(e.Correlation) ||
		m.Attempts != 5 || m.FailedAt.Hour() != 11 || m.Reason != `trade # of client "…" has no rate` || m.Source != "trading/1" {
		t.Errorf("%+v", m)
	}
	died := failed.Read(given(body, map[string]any{
		"x-first-death-queue": "trading", "x-first-death-reason": "delivery_limit",
		"x-death": []any{map[string]any{"reason": "delivery_limit", "time": noon.Add(-time.Minute), "queue": "trading"}},
	}), noon)
	if died.ID != m.ID || died.Attempts != 50 || died.Fingerprint == m.Fingerprint || !died.FailedAt.Equal(noon.Add(-time.Minute)) {
		t.Errorf("%+v", died)
	}
	foreign := failed.Read(amqp.Raw{Body: []byte{0, 0xff}}, noon)
	if foreign.Queue != "" || foreign.Type != "" || foreign.ID == m.ID || !foreign.FailedAt.Equal(noon) {
		t.Errorf("%+v", foreign)
	}
}

// The broker counts deliveries in a header: a redelivery is the same failure.
func TestARedeliveryIsTheSameFailure(t *testing.T) {
	t.Parallel()
	_, body := someEvent(t, map[string]any{})
	first := failed.Read(given(body, map[string]any{"fx-queue": "q"}), noon)
	again := failed.Read(given(body, map[string]any{"fx-queue": "q", "x-delivery-count": int64(1)}), noon)
	later := failed.Read(given(body, map[string]any{"fx-queue": "q", "fx-failed-at": "2026-11-24T11:00:00Z"}), noon)
	if first.Fingerprint != again.Fingerprint || first.Fingerprint == later.Fingerprint || first.ID != later.ID {
		t.Errorf("%s, %s, %s", first.Fingerprint, again.Fingerprint, later.Fingerprint)
	}
}

func TestSecretsAreMaskedInWhatIsShown(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"a field":           `{"user":"shown","password":"SECRET"}`,
		"a field's object":  `{"user":"shown","client_secret":{"a":"SECRET","b":["SECRET"]}}`,
		"a token in a text": `{"text":"shown fxt_SECRETSECRETSECRETSECRET0123456789abcdefghij"}`,
		"a FIX logon":       "shown 35=A|553=alpha|554=SECRET|",
		"in JSON":           `{"bytes":"shown 35=A\u0001554=SECRET\u0001"}`,
		"a header":          `{"text":"shown","note":"Authorization: Bearer SECRETSECRET"}`,
		"a URL":             `shown amqp://core:SECRET@localhost/`,
		"half of JSON":      `{"a":"shown","text":"Bearer SECRETSECRET`,
		"a number":          `{"user":"shown","one_time_code":"SECRET","id_token":"SECRET.x.y"}`,
	} {
		if got := failed.Mask([]byte(body)); strings.Contains(got, "SECRET") || !strings.Contains(got, "shown") || !strings.Contains(got, failed.Masked) {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := failed.Mask([]byte(`{"b":1.10,"a":[true,null,"<x>"]}`)); strings.Join(strings.Fields(got), "") != `{"b":1.10,"a":[true,null,"<x>"]}` {
		t.Error(got)
	}
}

func TestAnEditKeepsTheIdentity(t *testing.T) {
	t.Parallel()
	e, body := someEvent(t, map[string]any{"client": "C1"})
	m := failed.Read(given(body, nil), noon)
	other := e
	other.ID = event.NewID(testkit.Day, "another")
	for what, c := range map[string]struct {
		text string
		good bool
	}{
		"the client": {strings.Replace(string(body), "C1", "C2", 1), true},
		"the id":     {string(event.Append(nil, other)), false},
		"no event":   {`{"client":"C2"}`, false},
		"no JSON":    {`{`, false},
		"a mask":     {strings.Replace(string(body), "C1", failed.Masked, 1), false},
	} {
		if _, err := m.Edit(c.text); (err == nil) != c.good {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := failed.Read(amqp.Raw{Body: []byte("noise")}, noon).Edit(string(body)); err != nil {
		t.Error(err)
	}
}

func FuzzMask(f *testing.F) {
	f.Add([]byte(`{"a":[1,{"password":"x"}]}`))
	f.Add([]byte(`[[[`))
	f.Fuzz(func(_ *testing.T, body []byte) {
		failed.Mask(body)
		failed.CauseOf(string(body))
		failed.Read(amqp.Raw{Body: body, ContentType: event.MediaType}, noon)
	})
}
