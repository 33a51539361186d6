package control

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/mainframe/simulator/internal/fault"
)

// emptyBook is a ledger without bookings.
type emptyBook struct{}

func (emptyBook) Count() int                        { return 0 }
func (emptyBook) Find(string) ([]byte, bool, error) { return nil, false, nil }
func (emptyBook) Lines() io.Reader                  { return strings.NewReader("") }

func TestControl(t *testing.T) {
	faults := new(fault.Faults)
	handler := New(emptyBook{}, faults, func() int { return 3 }).Handler()
	do := func(method, target string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(method, target, nil))
		return w
	}
	for target, want := range map[string]int{
		"POST /slow?latency=10ms&for=1m":         http.StatusOK,
		"POST /slow?latency=2m&for=1m":           http.StatusBadRequest,
		"POST /slow?latency=10ms":                http.StatusBadRequest,
		"POST /slow?latency=10ms&for=2h":         http.StatusBadRequest,
		"POST /wrong?how=garbage&every=3&for=1m": http.StatusOK,
		"POST /wrong?how=garbage&every=0&for=1m": http.StatusBadRequest,
		"POST /wrong?how=sideways&for=1m":        http.StatusBadRequest,
		"POST /away?how=close&for=1m":            http.StatusOK,
		"POST /away?how=fishing&for=1m":          http.StatusBadRequest,
		"GET /bookings":                          http.StatusOK,
		"GET /bookings/count":                    http.StatusOK,
		"GET /bookings/nobody":                   http.StatusNotFound,
		"GET /away":                              http.StatusMethodNotAllowed,
	} {
		method, path, _ := strings.Cut(target, " ")
		if got := do(method, path); got.Code != want {
			t.Errorf("%s: %d %s", target, got.Code, got.Body)
		}
	}
	var status struct {
		Connections          int
		Latency, Wrong, Away string
	}
	if err := json.Unmarshal(do(http.MethodGet, "/status").Body.Bytes(), &status); err != nil {
		t.Fatal(err)
	}
	if status.Connections != 3 || status.Latency != "10ms" || status.Wrong != "garbage" || status.Away != "close" {
		t.Errorf("%+v", status)
	}
	do(http.MethodPost, "/well")
	if now := time.Now(); faults.Absence(now) != "" || faults.Latency(now) != 0 || faults.NextWrong(now) != "" {
		t.Error("still ill")
	}
}
