package health_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"fxcore/lambda/health"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	identity = health.Identity{Service: "s", Replica: "s-1", Version: "v"}
	start    = time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
)

func fine(context.Context) error { return nil }

func broken(context.Context) error { return errors.New("connection refused") }

func TestWhatIsDroppedIsNoLongerShown(t *testing.T) {
	h := health.New(identity, start)
	h.Add("session of a", broken)
	h.Warn("concern of a", broken)
	h.Gauge("a.queue", func() int64 { return 1 })
	h.Gauge("b.queue", func() int64 { return 2 })
	h.Drop("session of a", "concern of a", "a.queue", "nothing of that name")
	status := h.Status(t.Context())
	if !status.Ready || len(status.Warnings) != 0 || len(status.Counters) != 1 || status.Counters["b.queue"] != 2 {
		t.Errorf("%+v", status)
	}
}

// A program whose server goes away is not replaced: the others would not do better.
func TestStartedStaysTrueWhenTheProgramIsNoLongerReady(t *testing.T) {
	h := health.New(identity, start)
	h.Add("store", broken)
	code, body := get(t, h, "/started")
	if want := `{"reasons":{"store":"connection refused"},"started":false}` + "\n"; code != http.StatusServiceUnavailable || body != want {
		t.Fatalf("code %d before it was ready, body %s", code, body)
	}
	for _, check := range []health.Check{fine, broken, broken} {
		h.Add("store", check)
		if code, body := get(t, h, "/started"); code != http.StatusOK {
			t.Fatalf("code %d after it was ready once, body %s", code, body)
		}
	}
}

func TestReadySaysWhyNot(t *testing.T) {
	h := health.New(identity, start)
	h.Add("queue", fine)
	if code, _ := get(t, h, "/ready"); code != http.StatusOK {
		t.Fatalf("code %d with all checks fine", code)
	}
	h.Add("store", broken)
	code, body := get(t, h, "/ready")
	want := `{"ready":false,"reasons":{"store":"connection refused"}}` + "\n"
	if code != http.StatusServiceUnavailable || body != want {
		t.Fatalf("code %d, body %s", code, body)
	}
	h.Add("store", fine)
	if code, _ := get(t, h, "/ready"); code != http.StatusOK {
		t.Fatalf("code %d after the store came back", code)
	}
}

func TestAWarningLeavesTheProcessReady(t *testing.T) {
	h := health.New(identity, start)
	h.Warn("cache", broken)
	if code, _ := get(t, h, "/ready"); code != http.StatusOK {
		t.Fatalf("code %d", code)
	}
	status := h.Status(t.Context())
	if diff := cmp.Diff(map[string]string{"cache": "connection refused"}, status.Warnings); diff != "" {
		t.Fatal(diff)
	}
}

// While a server hangs, a check that only warns may be slow. A request for readiness does not wait for it.
func TestReadyAsksNoWarning(t *testing.T) {
	h := health.New(identity, start)
	h.Add("store", fine)
	h.Warn("cache", func(context.Context) error { t.Error("asked"); return nil })
	if code, _ := get(t, h, "/ready"); code != http.StatusOK {
		t.Fatalf("code %d", code)
	}
}

func TestLiveAnswersWhateverIsAway(t *testing.T) {
	h := health.New(identity, start)
	h.Add("store", broken)
	if code, _ := get(t, h, "/live"); code != http.StatusOK {
		t.Fatalf("code %d", code)
	}
}

func TestStatusTellsAll(t *testing.T) {
	h := health.New(identity, start)
	h.Add("store", broken)
	h.Counter("handled").Add(7)
	h.Gauge("depth", func() int64 { return 3 })
	_, body := get(t, h, "/status")
	var got map[string]any
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"service": "s", "replica": "s-1", "version": "v", "since": "2026-11-20T08:00:00Z", "ready": false,
		"reasons": map[string]any{"store": "connection refused"}, "warnings": map[string]any{},
		"counters": map[string]any{"handled": 7.0, "depth": 3.0},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("status (-want +got):\n%s", diff)
	}
}

func TestACheckThatHangsIsAReasonWithinItsBound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := health.New(identity, start)
		h.Add("store", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
		began := time.Now()
		status := h.Status(t.Context())
		if status.Ready || status.Reasons["store"] == "" || time.Since(began) > 3*time.Second {
			t.Fatalf("%+v after %s", status, time.Since(began))
		}
	})
}

func TestACheckThatPanicsIsAReason(t *testing.T) {
	h := health.New(identity, start)
	h.Add("store", func(context.Context) error { panic("nil map") })
	if reason := h.Status(t.Context()).Reasons["store"]; reason != "the check itself failed: nil map" {
		t.Fatalf("reason %q", reason)
	}
}

func TestServeEndsWithItsContext(t *testing.T) {
	listener, err := health.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- health.New(identity, start).Serve(ctx, listener) }()
	request, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+listener.Addr().String()+"/live", nil)
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

func TestListenSaysWhichAddressIsTaken(t *testing.T) {
	listener, err := health.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	if _, err := health.Listen(t.Context(), listener.Addr().String()); err == nil {
		t.Fatal("one address opened twice")
	}
}

func get(t *testing.T, h *health.Health, path string) (code int, body string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	content, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, string(content)
}

// A profile shows memory, and memory holds secrets.
func TestProfilesAreServedOnlyWhereTheyAreAskedFor(t *testing.T) {
	for _, asked := range []bool{false, true} {
		h := health.New(identity, start)
		if asked {
			h.ServeProfiles()
		}
		for _, path := range []string{"/debug/pprof/", "/debug/pprof/heap"} {
			answer := httptest.NewRecorder()
			h.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, http.NoBody))
			if served := answer.Code == http.StatusOK; served != asked {
				t.Errorf("asked for profiles %v: %s answers %d", asked, path, answer.Code)
			}
		}
	}
}
