package rest_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/services/monitoring/internal/alert"
	"fxcore/services/monitoring/internal/changes"
	"fxcore/services/monitoring/internal/instances"
	"fxcore/services/monitoring/internal/queues"
	"fxcore/services/monitoring/internal/rest"
	"fxcore/services/monitoring/internal/store"
	"fxcore/services/web"
)

// away is a store that does not answer.
type away struct{}

var errAway = errors.New("the database is away")

func (away) Alerts(context.Context, alert.State) ([]store.Listed, error) { return nil, errAway }
func (away) Acknowledge(context.Context, string, string, string) error   { return errAway }
func (away) Measures(context.Context, []string, time.Time, time.Time) ([]store.Point, error) {
	return nil, errAway
}

// serve serves the paths to whoever comes, as "somebody".
func serve(t *testing.T) *httptest.Server {
	t.Helper()
	i := &rest.Interface{
		Store: away{}, View: instances.New(time.Now), Queues: &queues.Watch{}, Listeners: web.NewCrowd(1), Now: time.Now, Log: testkit.Log(t),
		Caller: func(*http.Request) string { return "somebody" },
		Firing: func() []alert.Alert {
			return []alert.Alert{{Key: "postgres_down:core", Rule: "postgres_down", Subject: "core", State: alert.Firing}}
		},
		Samples: func() []alert.Sample { return []alert.Sample{alert.Of("fx_queue_messages", 7, "queue", "auth")} },
	}
	i.Changes = changes.New(i.Topics(func(context.Context) (any, error) { return 1, nil }), time.Now)
	testkit.Background(t, i.Changes.Run)
	mux := http.NewServeMux()
	for pattern, handler := range i.Handlers() {
		mux.Handle(pattern, handler)
	}
	server := httptest.NewServer(web.Front(mux, testkit.Log(t)))
	t.Cleanup(server.Close)
	return server
}

// open asks, and returns the answer. It is closed when the test ends.
func open(ctx context.Context, t *testing.T, url string) (status int, body io.Reader) {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return response.StatusCode, response.Body
}

// A listener hears at once, then of every topic that can be seen, then a tick each second. A person has so many streams and not more.
func TestAListenerHearsWhatToReadAgain(t *testing.T) {
	server := serve(t)
	ctx, leave := context.WithCancel(t.Context())
	_, stream := open(ctx, t, server.URL+"/v1/events")
	lines := bufio.NewScanner(stream)
	heard := func() string {
		if !lines.Scan() {
			t.Fatal("the stream has ended: ", lines.Err())
		}
		return lines.Text()
	}
	if first := heard(); first != ": listening" {
		t.Errorf("first %q", first)
	}
	var told struct{ Topics []string }
	for {
		if data, found := strings.CutPrefix(heard(), "data: "); found {
			if err := json.Unmarshal([]byte(data), &told); err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	if got := strings.Join(told.Topics, " "); got != "alerts errors health jobs queues sessions" {
		t.Errorf("topics %s", got)
	}
	for heard() != "event: tick" {
	}
	if second, _ := open(t.Context(), t, server.URL+"/v1/events"); second != http.StatusTooManyRequests {
		t.Errorf("a second stream: %d", second)
	}
	leave()
}

func TestQueuesAreShownAndWhatIsAwayIsAProblem(t *testing.T) {
	server := serve(t)
	_, answer := open(t.Context(), t, server.URL+"/v1/queues")
	body, err := io.ReadAll(answer)
	if err != nil || !strings.Contains(string(body), `{"name":"auth","ready":7,"consumers":0,"handled_per_second":null,"failed_per_second":null,"backlog_seconds":0,"state":"over"}`) {
		t.Errorf("%s %v", body, err)
	}
	for path, want := range map[string]int{"/v1/alerts?state=cleared": http.StatusServiceUnavailable, "/v1/alerts?state=x": http.StatusUnprocessableEntity, "/v1/measures": http.StatusUnprocessableEntity} {
		status, answer := open(t.Context(), t, server.URL+path)
		var p web.Problem
		if err := json.NewDecoder(answer).Decode(&p); err != nil || status != want || p.Code == "" || p.TraceID == "" {
			t.Errorf("%s: %d %+v %v", path, status, p, err)
		}
	}
}

// The database is away: what fires is what on-call must see just then.
func TestWhatFiresIsShownFromMemoryWhileTheStoreIsAway(t *testing.T) {
	server := serve(t)
	for path, want := range map[string]string{
		"/v1/alerts": `"key":"postgres_down:core"`, "/metrics": `fx_alert_firing{rule="postgres_down",severity="page",subject="core"} 1`,
	} {
		status, answer := open(t.Context(), t, server.URL+path)
		if body, err := io.ReadAll(answer); err != nil || status != http.StatusOK || !strings.Contains(string(body), want) {
			t.Errorf("%s: %d %s %v", path, status, body, err)
		}
	}
}
