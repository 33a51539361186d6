// Package control is the HTTP interface by which tests and operators make the simulated mainframe misbehave, and read
// what it has booked. It must listen on loopback only, because it has no authentication.
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

// Control answers the requests.
type Control struct {
	book        Book
	faults      *fault.Faults
	connections func() int
}

// New returns the control of a book and its faults; connections counts the host's open ones.
func New(book Book, faults *fault.Faults, connections func() int) *Control {
	return &Control{book: book, faults: faults, connections: connections}
}

// Handler routes:
//
//	POST /slow?latency=500ms&for=30s            every answer is late
//	POST /wrong?how=garbage&every=10&for=30s    every tenth answer is wrong: garbage, partial, correlation, record, trade, error
//	POST /away?how=refuse&for=2m                refuse, close or blackhole
//	POST /well                                  ends all of that
//	GET  /status                                bookings, connections, what is wrong
//	GET  /bookings                              all, one JSON line each, in order of arrival
//	GET  /bookings/count                        a number
//	GET  /bookings/{trade}                      the line of one trade; 404 if it is not booked
func (c *Control) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /slow", c.order(c.slow))
	mux.HandleFunc("POST /wrong", c.order(c.wrong))
	mux.HandleFunc("POST /away", c.order(c.away))
	mux.HandleFunc("POST /well", c.well)
	mux.HandleFunc("GET /status", c.status)
	mux.HandleFunc("GET /bookings", c.bookings)
	mux.HandleFunc("GET /bookings/count", c.count)
	mux.HandleFunc("GET /bookings/{trade}", c.find)
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
	c.faults.Slow(latency, until)
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
	return c.faults.Wrong(r.FormValue("how"), every, until)
}

func (c *Control) away(r *http.Request, until time.Time) error {
	return c.faults.Away(r.FormValue("how"), until)
}

func (c *Control) well(w http.ResponseWriter, r *http.Request) {
	c.faults.Well()
	c.status(w, r)
}

func (c *Control) status(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(struct { // the caller may be gone
		Bookings    int `json:"bookings"`
		Connections int `json:"connections"`
		fault.State
	}{c.book.Count(), c.connections(), c.faults.State(time.Now())})
}

func (c *Control) bookings(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/jsonl")
	_, _ = io.Copy(w, c.book.Lines()) // the caller may be gone
}

func (c *Control) count(w http.ResponseWriter, _ *http.Request) {
	_, _ = fmt.Fprintln(w, c.book.Count())
}

func (c *Control) find(w http.ResponseWriter, r *http.Request) {
	line, found, err := c.book.Find(r.PathValue("trade"))
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	case !found:
		http.Error(w, "not booked", http.StatusNotFound)
	default:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(line) //nolint:gosec // JSON of our own making, said to be JSON, to a caller on loopback
	}
}
