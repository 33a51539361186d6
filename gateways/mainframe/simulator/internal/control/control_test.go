package control

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/simulator/internal/accounts"
	"fxcore/gateways/mainframe/simulator/internal/day"
	"fxcore/gateways/mainframe/simulator/internal/fault"
)

// emptyBook is a ledger without bookings.
type emptyBook struct{}

func (emptyBook) Count() int                        { return 0 }
func (emptyBook) Find(string) ([]byte, bool, error) { return nil, false, nil }
func (emptyBook) Lines() io.Reader                  { return strings.NewReader("") }

// friday is the real time of these tests, at noon in Frankfurt.
var friday = time.Date(2026, 11, 27, 11, 0, 0, 0, time.UTC)

// parts are real books in a folder of their own: two accounts, and a bank that works from Monday to Friday.
func parts(t *testing.T) Parts {
	t.Helper()
	clock, err1 := day.Open(t.TempDir(), func() time.Time { return friday }, func(date time.Time) bool {
		return date.Weekday() != time.Saturday && date.Weekday() != time.Sunday
	})
	book, err2 := accounts.Open(t.TempDir(), []accounts.Account{
		{ID: "C1-EUR", Currency: "EUR", Client: "C1", Balance: decimal.NewFromInt(5)}, {ID: "S-EUR", Currency: "EUR", Overdraft: true},
	}, clock)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- book.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return Parts{Book: emptyBook{}, Accounts: book, Clock: clock, Faults: new(fault.Faults), Connections: func() int { return 3 }}
}

func TestControl(t *testing.T) {
	p := parts(t)
	faults, handler := p.Faults, New(p).Handler()
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
		"POST /wrong?how=die&for=1m":             http.StatusOK,
		"POST /wrong?how=hangup&for=1m":          http.StatusOK,
		"POST /balance?account=C1-EUR&amount=7":  http.StatusOK,
		"POST /balance?account=C1-EUR&amount=x":  http.StatusBadRequest,
		"POST /balance?account=C9-EUR&amount=7":  http.StatusNotFound,
		"POST /close?account=C1-EUR":             http.StatusOK,
		"POST /open?account=C1-EUR":              http.StatusOK,
		"POST /open?account=":                    http.StatusNotFound,
		"POST /block?currency=EUR":               http.StatusOK,
		"POST /unblock?currency=EUR":             http.StatusOK,
		"POST /block?currency=XXX":               http.StatusNotFound,
		"POST /day?to=yesterday":                 http.StatusBadRequest,
		"POST /day?at=noon":                      http.StatusBadRequest,
		"POST /day?to=2026-11-26":                http.StatusConflict,
		"POST /day?to=2029-11-26":                http.StatusConflict,
		"GET /movements":                         http.StatusOK,
		"GET /movements/count":                   http.StatusOK,
		"GET /movements/nobody":                  http.StatusNotFound,
	} {
		method, path, _ := strings.Cut(target, " ")
		if got := do(method, path); got.Code != want {
			t.Errorf("%s: %d %s", target, got.Code, got.Body)
		}
	}
	if err := faults.Wrong(fault.Garbage, 1, time.Now().Add(time.Minute)); err != nil { // whichever of the orders above was the last
		t.Fatal(err)
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
	if now := time.Now(); faults.Absence(now) != "" || faults.Latency(now) != 0 || faults.NextWrong(now, true) != "" {
		t.Error("still ill")
	}
}

func TestDayMovesOnToTheNextBusinessDayOrTheOneGiven(t *testing.T) {
	p := parts(t)
	handler := New(p).Handler()
	post := func(target string) (status struct {
		BusinessDay string    `json:"business_day"`
		Offset      int       `json:"offset_seconds"`
		Now         time.Time `json:"now"`
	},
	) {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, target, nil))
		if err := json.Unmarshal(w.Body.Bytes(), &status); err != nil {
			t.Fatalf("%s: %s", target, w.Body)
		}
		return status
	}
	monday := time.Date(2026, 11, 30, 7, 0, 0, 0, time.UTC)
	if got := post("/day"); got.BusinessDay != "2026-11-30" || !got.Now.Equal(monday) || got.Offset != int(monday.Sub(friday).Seconds()) {
		t.Errorf("%+v", got)
	}
	if got := post("/day?to=2026-12-03&at=00:30"); got.BusinessDay != "2026-12-03" || !got.Now.Equal(time.Date(2026, 12, 2, 23, 30, 0, 0, time.UTC)) {
		t.Errorf("%+v", got)
	}
}

func TestBalancesAreShownAsTheyAre(t *testing.T) {
	handler := New(parts(t)).Handler()
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/balance?account=C1-EUR&amount=7.5", nil))
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/balances", nil))
	if got := strings.TrimSpace(w.Body.String()); got != `{"C1-EUR":"7.5","S-EUR":"0"}` {
		t.Error(got)
	}
}
