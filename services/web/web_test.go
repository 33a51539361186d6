package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/services/web"
)

func TestACursorIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	for _, parts := range [][]string{{"1"}, {"2026-11-30", "7"}, {"1", "with.a.stop"}, {"", ""}} {
		if got, ok := web.ReadCursor(web.WriteCursor(parts...), len(parts)); !ok || !slices.Equal(got, parts) {
			t.Errorf("%q, %v, want %q", got, ok, parts)
		}
	}
	for _, text := range []string{"", "%", "a", web.WriteCursor("1")} {
		if got, ok := web.ReadCursor(text, 2); ok {
			t.Errorf("%q is %q", text, got)
		}
	}
}

// Whatever goes wrong before, in or behind a handler is a problem with the trace that the answer's header names.
func TestEveryErrorIsAProblemWithItsTrace(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	_ = web.New(mux, web.About{Title: "test", Version: "1"})
	mux.HandleFunc("GET /fault", func(http.ResponseWriter, *http.Request) { panic("a fault") })
	mux.Handle("GET /refused", web.Refusing(web.Unauthenticated(web.CodeUnauthenticated, "why")))
	front := web.Front(mux, testkit.Log(t))
	for path, want := range map[string]struct {
		status int
		code   string
	}{
		"GET /fault": {http.StatusInternalServerError, web.CodeInternal}, "GET /nowhere": {http.StatusNotFound, web.CodeNotFound},
		"PUT /fault": {http.StatusMethodNotAllowed, web.CodeMethodNotAllowed}, "GET /refused": {http.StatusUnauthorized, web.CodeUnauthenticated},
	} {
		w := httptest.NewRecorder()
		front.ServeHTTP(w, httptest.NewRequest(path[:3], path[4:], http.NoBody))
		var p web.Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Fatal(path, err)
		}
		if w.Code != want.status || p.Code != want.code || p.TraceID == "" || p.TraceID != w.Header().Get("Trace-Id") {
			t.Errorf("%s: %d %s, trace %q", path, w.Code, w.Body, w.Header().Get("Trace-Id"))
		}
	}
}

func TestAPaceIsOfASecond(t *testing.T) {
	t.Parallel()
	p, now := web.Pace{Most: 2}, time.Unix(1, 0)
	var allowed []bool
	for range 3 {
		allowed = append(allowed, p.Allow("a", now))
	}
	allowed = append(allowed, p.Allow("b", now), p.Allow("a", now.Add(time.Second)))
	if !slices.Equal(allowed, []bool{true, true, false, true, true}) {
		t.Error(allowed)
	}
}
