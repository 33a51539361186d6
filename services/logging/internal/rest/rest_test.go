package rest_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/services/logging/internal/history"
	"fxcore/services/logging/internal/line"
	"fxcore/services/logging/internal/rest"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// shelf is a store with a few lines, the newest first.
type shelf struct {
	mu      sync.Mutex
	lines   []line.Line
	reports []history.Report
	asked   line.Query
	err     error
}

func (s *shelf) Search(_ context.Context, q line.Query) ([]line.Line, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = q
	return s.lines[:min(len(s.lines), q.Limit)], s.err
}

func (s *shelf) Reports(context.Context, string, time.Time, time.Time, int) ([]history.Report, error) {
	return s.reports, s.err
}

func (s *shelf) add(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := line.Parse([]byte(fmt.Sprintf(`{"message":"line %d"}`, n)), line.Origin{Service: "auth", Replica: "2"}, int64(n), noon)
	s.lines = append([]line.Line{l}, s.lines...)
}

func handler(t *testing.T, s *shelf) http.Handler {
	t.Helper()
	return rest.API{Store: s, Log: testkit.Log(t), Now: func() time.Time { return noon }}.Handler(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") == "" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
}

func get(t *testing.T, h http.Handler, path string) (int, map[string]any) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
	r.Header.Set("Authorization", "Bearer x")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var body map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatalf("%s: %s", path, w.Body)
	}
	return w.Code, body
}

func TestConditionsOfAQuery(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	code, _ := get(t, handler(t, s), "/v1/logs?q=no+room&level=warn&program=auth&instance=auth-2&trade=T-1&trace=abc&from=2026-11-30T10:00:00Z&to=2026-11-30T11:00:00Z&limit=7")
	want := line.Query{
		Text: "no room", Level: "warn", Service: "auth", Instance: "auth-2", Story: "T-1", Trace: "abc",
		From: noon.Add(-2 * time.Hour), To: noon.Add(-time.Hour), Limit: 7,
	}
	if code != http.StatusOK || s.asked != want {
		t.Errorf("%d, %+v", code, s.asked)
	}
}

func TestWrongConditionsAreRefused(t *testing.T) {
	t.Parallel()
	h := handler(t, &shelf{})
	for _, path := range []string{
		"/v1/logs?leval=warn", "/v1/logs?level=loud", "/v1/logs?limit=0", "/v1/logs?limit=1001", "/v1/logs?limit=x", "/v1/logs?from=yesterday",
		"/v1/logs?cursor=x", "/v1/logs?level=warn&level=info", "/v1/logs?from=2026-11-30T11:00:00Z&to=2026-11-30T11:00:00Z", "/v1/logs/tail?x=y",
		"/v1/health-history?at=2026-11-30T11:00:00Z&to=2026-11-30T11:00:00Z", "/v1/health-history?from=2026-11-29T11:00:00Z", "/v1/health-history?at=x",
	} {
		if code, body := get(t, h, path); code != http.StatusUnprocessableEntity || body["code"] != "invalid" || body["detail"] == "" {
			t.Errorf("%s: %d %v", path, code, body)
		}
	}
	if code, body := get(t, h, "/v1/nothing"); code != http.StatusNotFound {
		t.Errorf("%d %v", code, body)
	}
}

func TestAStoreThatIsAwayIsNamedToOnCallOnly(t *testing.T) {
	t.Parallel()
	h := handler(t, &shelf{err: errors.New("dial 10.0.0.1: refused")})
	for _, path := range []string{"/v1/logs", "/v1/health-history"} {
		if code, body := get(t, h, path); code != http.StatusServiceUnavailable || strings.Contains(fmt.Sprint(body), "10.0.0.1") {
			t.Errorf("%d %v", code, body)
		}
	}
}

func TestNobodyPassesTheGuardUnasked(t *testing.T) {
	t.Parallel()
	h := handler(t, &shelf{})
	for _, path := range []string{"/v1/logs", "/v1/logs/tail", "/v1/health-history"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody))
		if w.Code != http.StatusUnauthorized {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestAFullPageNamesTheNext(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	s.add(1)
	s.add(2)
	h := handler(t, s)
	if _, body := get(t, h, "/v1/logs"); body["next"] != nil || len(body["items"].([]any)) != 2 {
		t.Errorf("%v", body)
	}
	_, body := get(t, h, "/v1/logs?limit=1")
	get(t, h, "/v1/logs?limit=1&cursor="+fmt.Sprint(body["next"]))
	if s.asked.After != line.PositionOf(s.lines[0]) {
		t.Errorf("after %+v", s.asked.After)
	}
}

func TestWasItReadyThen(t *testing.T) {
	t.Parallel()
	s := &shelf{reports: []history.Report{{
		Instance: "auth-2", At: noon.Add(-2 * time.Second), Every: 5 * time.Second, Reasons: []history.Reason{{Part: "postgres", Text: "away"}},
	}}}
	code, body := get(t, handler(t, s), "/v1/health-history?instance=auth-2&at=2026-11-30T12:00:00Z")
	items, _ := body["items"].([]any)
	if code != http.StatusOK || len(items) != 1 {
		t.Fatalf("%d %v", code, body)
	}
	item := items[0].(map[string]any)
	if item["state"] != "not_ready" || item["ready"] != false || fmt.Sprint(item["reasons"]) != "[map[part:postgres text:away]]" {
		t.Errorf("%v", item)
	}
}

// The tail sends each line once, the oldest first, also those that come while it runs.
func TestTheTail(t *testing.T) {
	s := &shelf{}
	s.add(1)
	s.add(2)
	server := httptest.NewServer(handler(t, s))
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/v1/logs/tail", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer x")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	next := 1
	for text := bufio.NewScanner(response.Body); next <= 3 && text.Scan(); {
		data, is := strings.CutPrefix(text.Text(), "data: ")
		if !is {
			continue
		}
		if !strings.Contains(data, fmt.Sprintf("line %d", next)) {
			t.Errorf("got %s, want line %d", data, next)
		}
		if next++; next == 3 {
			s.add(3)
		}
	}
	if next != 4 {
		t.Errorf("ended before line %d", next)
	}
}
