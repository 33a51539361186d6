package ahead_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"fxcore/gateways/mainframe/internal/ahead"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
)

// host is a simulator whose clock stands still until it is moved.
type host struct {
	now     time.Time
	orders  []string
	broken  bool
	refuses bool
}

func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h.broken {
		http.Error(w, "out of order", http.StatusInternalServerError)
		return
	}
	if h.refuses && r.Method == http.MethodPost {
		http.Error(w, "more than a year ahead", http.StatusConflict)
		return
	}
	if r.Method == http.MethodPost {
		h.orders = append(h.orders, r.URL.Path+" "+r.FormValue("to")+" "+r.FormValue("at"))
		zone, _ := time.LoadLocation("Europe/Berlin") // then the time below is wrong, and the test fails
		h.now, _ = time.ParseInLocation("2006-01-02 15:04", r.FormValue("to")+" "+r.FormValue("at"), zone)
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"business_day": "2026-11-27", "now": h.now})
}

// command hands the mover the sample of settlement, which asks for 21:00 in Frankfurt on 27 November 2026.
func command(t *testing.T, m ahead.Mover) error {
	t.Helper()
	e, err := event.New(contract.ClockCommanded, event.NewID(testkit.Day, "clock"), contract.Batch, "story",
		sample.Of(t, "services/settlement/internal/messages", contract.ClockCommanded))
	if err != nil {
		t.Fatal(err)
	}
	results := m.Handle(t.Context(), []event.Event{e})
	if len(results) != 1 || len(results[0].Emit) != 0 {
		t.Fatalf("%+v", results)
	}
	return results[0].Err
}

func TestTheClockIsMovedOnceHoweverOftenItIsCommanded(t *testing.T) {
	h := &host{now: time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)}
	server := httptest.NewServer(h)
	defer server.Close()
	m := ahead.Mover{Config: ahead.Config{Control: server.URL}, HTTP: server.Client()}
	for range 2 {
		if err := command(t, m); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(h.orders, []string{"/day 2026-11-27 21:00"}) {
		t.Errorf("orders %q", h.orders)
	}
	h.now = h.now.Add(time.Hour)
	if err := command(t, m); err != nil || len(h.orders) != 1 {
		t.Errorf("a clock that is later: %v, %q", err, h.orders)
	}
}

func TestACommandComesBackWhileTheHostIsAway(t *testing.T) {
	h := &host{broken: true}
	server := httptest.NewServer(h)
	defer server.Close()
	if err := command(t, ahead.Mover{Config: ahead.Config{Control: server.URL}, HTTP: server.Client()}); err == nil || !amqp.Waits(err) {
		t.Errorf("error %v", err)
	}
}

func TestARefusedCommandIsGivenUp(t *testing.T) {
	h := &host{now: time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC), refuses: true}
	server := httptest.NewServer(h)
	defer server.Close()
	if err := command(t, ahead.Mover{Config: ahead.Config{Control: server.URL}, HTTP: server.Client()}); err == nil || amqp.Retried(err) {
		t.Errorf("error %v", err)
	}
}

func TestWithoutTheSettingNoClockIsMoved(t *testing.T) {
	if err := command(t, ahead.Mover{}); !errors.Is(err, ahead.ErrNotAllowed) {
		t.Errorf("error %v", err)
	}
}
