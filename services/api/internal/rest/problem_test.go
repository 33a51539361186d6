package rest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"fxcore/lambda/event"
)

// raw is a request that no well-meaning caller sends.
type raw struct {
	method, path, body string
	headers            []string
}

func (b *bench) send(r raw, token string) answer {
	b.t.Helper()
	request, err := http.NewRequestWithContext(b.t.Context(), r.method, b.url+r.path, strings.NewReader(r.body))
	if err != nil {
		b.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", "key-0001")
	for i := 0; i+1 < len(r.headers); i += 2 {
		request.Header.Set(r.headers[i], r.headers[i+1])
		if r.headers[i+1] == "" {
			request.Header.Del(r.headers[i])
		}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, text}
}

// Whatever is wrong with a request, the answer is a problem with a code and the trace, and echoes nothing.
func TestEveryErrorIsAProblem(t *testing.T) {
	b := setUp(t)
	text, err := json.Marshal(spot())
	if err != nil {
		t.Fatal(err)
	}
	good := string(text)
	with := func(extra string) string { return strings.TrimSuffix(good, "}") + "," + extra + "}" }
	for name, c := range map[string]struct {
		raw

		status int
		code   string
	}{
		"no such place":      {raw{http.MethodGet, "/v1/secret", "", nil}, http.StatusNotFound, "not_found"},
		"no such method":     {raw{http.MethodPut, "/v1/trades", good, nil}, http.StatusMethodNotAllowed, "method_not_allowed"},
		"not acceptable":     {raw{http.MethodPost, "/v1/trades", good, []string{"Accept", "text/html, image/*"}}, http.StatusNotAcceptable, "not_acceptable"},
		"another site":       {raw{http.MethodPost, "/v1/trades", good, []string{"Sec-Fetch-Site", "cross-site"}}, http.StatusForbidden, "cross_origin"},
		"no key":             {raw{http.MethodPost, "/v1/trades", good, []string{"Idempotency-Key", ""}}, http.StatusBadRequest, "key_missing"},
		"a bad key":          {raw{http.MethodPost, "/v1/trades", good, []string{"Idempotency-Key", "secret!!"}}, http.StatusUnprocessableEntity, "invalid"},
		"no body":            {raw{http.MethodPost, "/v1/trades", "", nil}, http.StatusBadRequest, "malformed"},
		"a form":             {raw{http.MethodPost, "/v1/trades", "a=secret", []string{"Content-Type", "application/x-www-form-urlencoded"}}, http.StatusUnsupportedMediaType, "unsupported_media_type"},
		"not JSON":           {raw{http.MethodPost, "/v1/trades", `{"secret`, nil}, http.StatusBadRequest, "malformed"},
		"two values":         {raw{http.MethodPost, "/v1/trades", good + good, nil}, http.StatusBadRequest, "malformed"},
		"not UTF-8":          {raw{http.MethodPost, "/v1/trades", with("\"secret\":\"\xff\""), nil}, http.StatusBadRequest, "malformed"},
		"a name twice":       {raw{http.MethodPost, "/v1/trades", with(`"client":"secret"`), nil}, http.StatusBadRequest, "malformed"},
		"null":               {raw{http.MethodPost, "/v1/trades", strings.Replace(good, `"C000900"`, "null", 1), nil}, http.StatusBadRequest, "malformed"},
		"no legs":            {raw{http.MethodPost, "/v1/trades", `{"client":"C1","product":"spot","pair":"EUR/USD","currency":"EUR","legs":null}`, nil}, http.StatusBadRequest, "malformed"},
		"deep":               {raw{http.MethodPost, "/v1/trades", strings.Repeat(`[`, 30_000), nil}, http.StatusBadRequest, "malformed"},
		"large":              {raw{http.MethodPost, "/v1/trades", strings.Repeat(" ", 70<<10) + good, nil}, http.StatusRequestEntityTooLarge, "too_large"},
		"an unknown field":   {raw{http.MethodPost, "/v1/trades", with(`"secret":1`), nil}, http.StatusUnprocessableEntity, "invalid"},
		"an empty parameter": {raw{http.MethodGet, "/v1/rates?pair=", "", nil}, http.StatusUnprocessableEntity, "invalid"},
		"a parameter twice":  {raw{http.MethodGet, "/v1/rates?pair=EUR/USD&pair=EUR/CHF", "", nil}, http.StatusUnprocessableEntity, "invalid"},
		"a bad escape":       {raw{http.MethodGet, "/v1/rates?pair=%zz", "", nil}, http.StatusUnprocessableEntity, "invalid"},
	} {
		t.Run(name, func(t *testing.T) {
			a := b.send(c.raw, trader)
			a.is(t, c.status, c.code)
			if strings.Contains(string(a.Body), "secret") && name != "an unknown field" { // a name is told, a value is not
				t.Errorf("echoes: %s", a.Body)
			}
		})
	}
	if len(b.published) > 0 {
		t.Errorf("published %v", b.published)
	}
}

// What a request leads to has the trace that its answer names.
func TestAnAnswerNamesTheTrace(t *testing.T) {
	b := setUp(t)
	a := ask(b, spot())
	if e := b.published[0]; a.Header.Get("Trace-Id") != e.Traceparent[3:35] || event.TraceID(e.Correlation) != e.Traceparent[3:35] {
		t.Errorf("%s, want that of %s", a.Header.Get("Trace-Id"), e.Traceparent)
	}
	shown := b.call(http.MethodGet, a.Header.Get("Location"), trader, nil)
	if shown.Header.Get("Trace-Id") != a.Header.Get("Trace-Id") {
		t.Errorf("%s, want %s", shown.Header.Get("Trace-Id"), a.Header.Get("Trace-Id"))
	}
}

// A fault in one request is told as a problem, and others go on.
func TestAFaultIsAProblem(t *testing.T) {
	b := setUp(t)
	b.onPublish = func(event.Event) { panic("a fault") }
	ask(b, spot()).is(t, http.StatusInternalServerError, "internal")
	read[struct{}](t, b.call(http.MethodGet, "/v1/session", trader, nil), http.StatusOK)
}
