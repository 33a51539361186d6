// Package health answers, over HTTP, whether a process lives, whether it can do its work and, if not, why.
//
//	/live          200 while the process answers at all: restart it only if this fails
//	/ready         200, or 503 with the reasons: do not send it work while this fails
//	/started       503 until the process was ready once, then 200 for as long as it answers: replace it only if this fails
//	/status        the same, with the start time, the version and all counters
//	/active/NAME   200 while this process, of several, is the one that serves NAME, else 404: route by it
//	/debug/pprof/  profiles, where ServeProfiles was called
//
// The address must be reachable only from the machine or an inner network: there is no authentication.
package health

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// patience bounds one check. A server that hangs is then a reason in the answer and does not hold up the answer, for which
// callers wait for two seconds.
const patience = 1500 * time.Millisecond

// Check returns nil, or why something cannot be relied on. It must return soon after the context ends.
type Check func(ctx context.Context) error

// Identity says which process it is.
type Identity struct {
	Service string `json:"service"`
	Replica string `json:"replica"`
	Version string `json:"version"`
}

// Health holds the checks and counters of one process. All methods may be called at any time from any goroutine.
type Health struct {
	identity Identity
	since    time.Time
	started  atomic.Bool // it was ready once, and somebody asked

	mu       sync.Mutex
	checks   map[string]Check // if one fails, the process cannot work
	concerns map[string]Check // if one fails, the process works for a while, or less well
	gauges   map[string]func() int64
	measures map[string]func() float64 // see Measure
	holds    []func() []string         // see Holds
	handlers map[string]http.Handler   // see Handle
	active   Serves                    // nil in a program that serves no names
}

// Status is what /status answers.
type Status struct {
	Identity
	Since    time.Time         `json:"since"` // when the process started, UTC
	Ready    bool              `json:"ready"`
	Reasons  map[string]string `json:"reasons"`  // why it is not ready: name of the check -> what is wrong
	Warnings map[string]string `json:"warnings"` // what is wrong although it is ready
	Counters map[string]int64  `json:"counters"`
}

// New returns a health without checks, which is ready. since is when the process started.
func New(identity Identity, since time.Time) *Health {
	return &Health{
		identity: identity,
		since:    since.UTC().Truncate(time.Millisecond),
		checks:   map[string]Check{},
		concerns: map[string]Check{},
		gauges:   map[string]func() int64{},
		measures: map[string]func() float64{},
		handlers: map[string]http.Handler{},
	}
}

// Add registers a check that must succeed for the process to be ready. A name taken before is replaced.
func (h *Health) Add(name string, check Check) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.checks[name] = check
}

// Warn registers a check whose failure is shown but does not make the process unready.
func (h *Health) Warn(name string, check Check) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.concerns[name] = check
}

// Gauge registers a number that is read whenever the status is asked for.
func (h *Health) Gauge(name string, read func() int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.gauges[name] = read
}

// Drop removes checks, gauges and measures by their names. It ignores names that are not registered.
func (h *Health) Drop(names ...string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, name := range names {
		delete(h.checks, name)
		delete(h.concerns, name)
		delete(h.gauges, name)
		delete(h.measures, name)
	}
}

// Counter registers a counter and returns it. It starts at zero.
func (h *Health) Counter(name string) *Counter {
	c := &Counter{}
	h.Gauge(name, c.Value)
	return c
}

// Status runs all checks at once and reads all counters.
func (h *Health) Status(ctx context.Context) Status {
	h.mu.Lock()
	counters := make(map[string]int64, len(h.gauges))
	for name, read := range h.gauges {
		counters[name] = read()
	}
	h.mu.Unlock()
	var reasons, warnings map[string]string
	var both sync.WaitGroup
	both.Go(func() { reasons = h.Reasons(ctx) })
	both.Go(func() { warnings = h.warnings(ctx) })
	both.Wait()
	return Status{
		Identity: h.identity, Since: h.since, Ready: len(reasons) == 0,
		Reasons: reasons, Warnings: warnings, Counters: counters,
	}
}

// Reasons runs the checks that decide readiness, and returns why the process cannot do its work now, by check: nothing if it is ready. It does not
// run those that only warn, which may be slow.
func (h *Health) Reasons(ctx context.Context) map[string]string {
	h.mu.Lock()
	checks := copied(h.checks)
	h.mu.Unlock()
	return failures(ctx, checks)
}

func (h *Health) warnings(ctx context.Context) map[string]string {
	h.mu.Lock()
	concerns := copied(h.concerns)
	h.mu.Unlock()
	return failures(ctx, concerns)
}

func copied(checks map[string]Check) map[string]Check {
	c := make(map[string]Check, len(checks))
	for name, check := range checks {
		c[name] = check
	}
	return c
}

// failures runs the checks side by side and returns the errors of those that fail.
func failures(ctx context.Context, checks map[string]Check) map[string]string {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var mu sync.Mutex
	var all sync.WaitGroup
	failed := map[string]string{}
	for name, check := range checks {
		all.Go(func() {
			if err := run(ctx, check); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed[name] = err.Error()
			}
		})
	}
	all.Wait()
	return failed
}

// run turns a panic into an answer: a broken check must not end the process that it watches.
func run(ctx context.Context, check Check) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the check itself failed: %v", p)
		}
	}()
	return check(ctx)
}
