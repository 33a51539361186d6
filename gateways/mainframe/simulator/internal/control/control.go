// Package control is the HTTP interface by which tests and operators make the simulated mainframe misbehave, change its accounts
// and its day, and read what it has booked and moved. It must listen on loopback only, because it has no authentication.
package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"fxcore/gateways/mainframe/simulator/internal/fault"
)

// Book is what the control reads of the ledger.
type Book interface {
	Count() int
	Find(tradeID string) (line []byte, found bool, err error)
	Lines() io.Reader // all bookings, one JSON line each, in order of arrival
}

// Parts is what the control shows and changes.
type Parts struct {
	Book        Book
	Accounts    Accounts
	Clock       Clock
	Faults      *fault.Faults
	Connections func() int // the host's open ones
}

// Control answers the requests.
type Control struct{ Parts }

// New returns the control of a host.
func New(p Parts) *Control { return &Control{p} }

// Handler routes:
//
//	POST /slow?latency=500ms&for=30s            every answer is late
//	POST /wrong?how=garbage&every=10&for=30s    every tenth answer is wrong: garbage, partial, correlation, record, trade, double, error, die, hangup
//	POST /away?how=refuse&for=2m                refuse, close or blackhole
//	POST /well                                  ends all of that
//	POST /balance?account=C000001-EUR&amount=5  sets what an account holds
//	POST /close?account=C000001-EUR             nothing enters or leaves the account; POST /open ends it
//	POST /block?currency=EUR                    nothing moves in the currency; POST /unblock ends it
//	POST /day?to=2026-12-01&at=08:00            moves the bank's clock; without to: to the next business day; at is 08:00 if absent
//	GET  /status                                bookings, movements, the day, connections, what is wrong
//	GET  /bookings                              all, one JSON line each, in order of arrival
//	GET  /bookings/count                        a number
//	GET  /bookings/{trade}                      the line of one trade; 404 if it is not booked
//	GET  /movements                             all that were made, one JSON line each, in order
//	GET  /movements/count                       a number
//	GET  /movements/{movement}                  the line of one movement, made or refused; 404 if it is not known
//	GET  /balances                              what each account holds
func (c *Control) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /slow", c.order(c.slow))
	mux.HandleFunc("POST /wrong", c.order(c.wrong))
	mux.HandleFunc("POST /away", c.order(c.away))
	mux.HandleFunc("POST /well", c.well)
	mux.HandleFunc("POST /balance", c.change(c.balance))
	mux.HandleFunc("POST /close", c.change(func(r *http.Request) error { return c.Accounts.Close(r.FormValue("account"), true) }))
	mux.HandleFunc("POST /open", c.change(func(r *http.Request) error { return c.Accounts.Close(r.FormValue("account"), false) }))
	mux.HandleFunc("POST /block", c.change(func(r *http.Request) error { return c.Accounts.Block(r.FormValue("currency"), true) }))
	mux.HandleFunc("POST /unblock", c.change(func(r *http.Request) error { return c.Accounts.Block(r.FormValue("currency"), false) }))
	mux.HandleFunc("POST /day", c.change(c.day))
	mux.HandleFunc("GET /status", c.status)
	mux.HandleFunc("GET /bookings", c.bookings)
	mux.HandleFunc("GET /bookings/count", c.count)
	mux.HandleFunc("GET /bookings/{trade}", found("trade", c.Book.Find))
	mux.HandleFunc("GET /movements", c.movements)
	mux.HandleFunc("GET /movements/count", c.moved)
	mux.HandleFunc("GET /movements/{movement}", found("movement", c.Accounts.Find))
	mux.HandleFunc("GET /balances", c.balances)
	return mux
}

// order reads how long a fault shall last and answers with the state that follows.
func (c *Control) order(do func(r *http.Request, until time.Time) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		length, err := time.ParseDuration(r.FormValue("for"))
		if err == nil && (length <= 0 || length > fault.MaxDuration) {
			err = fmt.Errorf("for must be above 0 and at most %s", fault.MaxDuration)
		}
		if err == nil {
			err = do(r, time.Now().Add(length))
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		c.status(w, r)
	}
}

func (c *Control) slow(r *http.Request, until time.Time) error {
	latency, err := time.ParseDuration(r.FormValue("latency"))
	if err != nil || latency < 0 || latency > time.Minute {
		return errors.New("latency must be a duration of at most 1m, such as 500ms")
	}
	c.Faults.Slow(latency, until)
	return nil
}

func (c *Control) wrong(r *http.Request, until time.Time) error {
	every := 1
	if text := r.FormValue("every"); text != "" {
		var err error
		if every, err = strconv.Atoi(text); err != nil || every < 1 {
			return errors.New("every must be a number above 0")
		}
	}
	return c.Faults.Wrong(r.FormValue("how"), every, until)
}

func (c *Control) away(r *http.Request, until time.Time) error {
	return c.Faults.Away(r.FormValue("how"), until)
}

func (c *Control) well(w http.ResponseWriter, r *http.Request) {
	c.Faults.Well()
	c.status(w, r)
}

func (c *Control) status(w http.ResponseWriter, _ *http.Request) {
	today, offset := c.Clock.Today()
	writeJSON(w, struct {
		Bookings    int       `json:"bookings"`
		Movements   int       `json:"movements"`
		BusinessDay string    `json:"business_day"`
		Offset      int       `json:"offset_seconds"`
		Now         time.Time `json:"now"` // by the bank's clock
		Connections int       `json:"connections"`
		fault.State
	}{
		c.Book.Count(), c.Accounts.Count(), today.Format(time.DateOnly), offset, c.Clock.Now(), c.Connections(),
		c.Faults.State(time.Now()),
	})
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the caller may be gone
}

func (c *Control) bookings(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/jsonl")
	_, _ = io.Copy(w, c.Book.Lines()) // the caller may be gone
}

func (c *Control) count(w http.ResponseWriter, _ *http.Request) {
	_, _ = fmt.Fprintln(w, c.Book.Count())
}

// found answers with the line of what the path names.
func found(name string, find func(id string) ([]byte, bool, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		line, found, err := find(r.PathValue(name))
		switch {
		case err != nil:
			http.Error(w, err.Error(), http.StatusInternalServerError)
		case !found:
			http.Error(w, "not in the book", http.StatusNotFound)
		default:
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(line) //nolint:gosec // JSON of our own making, said to be JSON, to a caller on loopback
		}
	}
}
