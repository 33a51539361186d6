// Package instances keeps what every instance last said of itself.
package instances

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/health"
	"fxcore/services/contract"
)

// The bounds of what is kept.
const (
	window    = 10 * time.Minute // in which starts and changes of holders count
	forgotten = 15 * time.Minute // after which a silent instance is no longer shown
	stale     = 30 * time.Second // a report that is older than this was read late

	remembered = 24 * time.Hour // after which a program or a queue of which nobody reports is no longer missed
)

// dropped is the measure of log lines that were dropped before they were sent.
const dropped = "fx_logs_dropped_total"

// Instance is an instance and what it last said.
type Instance struct {
	health.Report
	LastSeen time.Time          `json:"last_seen"`
	Since    time.Time          `json:"since"` // of its present state
	Starts   []time.Time        `json:"starts"`
	Failures map[string]float64 `json:"failures"` // by queue: failed messages a minute, between its last two reports
	Dropped  float64            `json:"dropped"`  // log lines a minute that nobody got, between its last two reports
	Paces    map[string]float64 `json:"paces"`    // by provider: messages a second from it, between its last two reports
	at       time.Time          // when it made the last report
}

// View holds all instances. Each replica of monitoring has one, which hears all reports. All methods may be called from any goroutine.
type View struct {
	now func() time.Time

	mu       sync.Mutex
	all      map[string]*Instance
	programs map[string]time.Time // when each program was last heard of
	queues   map[string]time.Time // when somebody last counted what it did with each queue
	leases   map[string]*lease    // by program and name
	hearing  time.Time            // since when reports can arrive
}

type lease struct {
	holder string
	moves  []time.Time
}

// New returns an empty view. now is the real time.
func New(now func() time.Time) *View {
	return &View{now: now, all: map[string]*Instance{}, programs: map[string]time.Time{}, queues: map[string]time.Time{}, leases: map[string]*lease{}, hearing: now()}
}

// Read takes reports from the stream. It skips what is no report: nobody could correct it there.
func (v *View) Read(_ context.Context, entries []amqp.Entry) error {
	for _, entry := range entries {
		for _, e := range entry.Events {
			var r health.Report
			if e.Type == contract.HealthReported && e.Read(&r) == nil && r.Instance != "" {
				v.Note(r, e.Time)
			}
		}
	}
	return nil
}

// Note takes one report that was made at the given time.
func (v *View) Note(r health.Report, at time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	now := v.now()
	seen := now
	if now.Sub(at) > stale {
		seen = at
	}
	before := v.all[r.Instance]
	switch {
	case before != nil && before.at.After(at):
		return
	case !r.Live:
		delete(v.all, r.Instance)
		return
	}
	v.programs[r.Program] = seen
	v.countQueues(r, seen)
	next := &Instance{Report: r, LastSeen: seen, Since: now, at: at}
	next.follow(before, now)
	v.all[r.Instance] = next
	v.hold(r, now)
}

// follow takes over what the report before tells: starts, failures, and since when the state lasts.
func (i *Instance) follow(before *Instance, now time.Time) {
	if before == nil {
		i.Starts = []time.Time{i.StartedAt}
		return
	}
	i.Starts = slices.DeleteFunc(slices.Clone(before.Starts), func(at time.Time) bool { return now.Sub(at) > window })
	if !i.StartedAt.Equal(before.StartedAt) {
		i.Starts = append(i.Starts, now)
		return
	}
	if i.Ready == before.Ready {
		i.Since = before.Since
	}
	if passed := i.at.Sub(before.at); passed > 0 {
		i.Dropped = max(0, i.Measures[dropped]-before.Measures[dropped]) / passed.Minutes()
		i.Failures = i.grown(before, `fx_queue_failed_total{queue="`, passed.Minutes(), false)
		i.Paces = i.grown(before, `fx_session_messages_in_total{provider="`, passed.Seconds(), true)
	}
}

// grown returns by how much counters have grown in each unit of the time that has passed, by their one label. An instance that takes a session over
// counts its messages from 0 to where it stands: where started is set, that is no growth.
func (i *Instance) grown(before *Instance, prefix string, units float64, started bool) map[string]float64 {
	all := map[string]float64{}
	for name, value := range i.Measures {
		label, counts := strings.CutPrefix(name, prefix)
		if counts && (!started || before.Measures[name] > 0) {
			all[strings.TrimSuffix(label, `"}`)] = max(0, value-before.Measures[name]) / units
		}
	}
	return all
}

func (v *View) hold(r health.Report, now time.Time) {
	for _, name := range r.Holds {
		key := r.Program + "/" + name
		l := v.leases[key]
		if l == nil {
			v.leases[key] = &lease{holder: r.Instance}
			continue
		}
		if l.holder != r.Instance {
			l.holder, l.moves = r.Instance, append(l.moves, now)
		}
		l.moves = slices.DeleteFunc(l.moves, func(at time.Time) bool { return now.Sub(at) > window })
	}
}

// Deaf notes that no report can arrive now, because the broker is away. Silence counts from when they can again.
func (v *View) Deaf() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.hearing = v.now()
}

// Hearing returns for how long reports have been able to arrive.
func (v *View) Hearing() time.Duration {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.now().Sub(v.hearing)
}

// Restore takes what another replica, or this one before its start, has stored. What was heard since is newer.
func (v *View) Restore(stored []Instance) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, i := range stored {
		if _, known := v.all[i.Instance]; !known && i.Live {
			v.all[i.Instance] = &i
			v.programs[i.Program] = i.LastSeen
			v.countQueues(i.Report, i.LastSeen)
		}
	}
}

// All returns all instances by name. It forgets those that have been silent for long.
func (v *View) All() []Instance {
	v.mu.Lock()
	defer v.mu.Unlock()
	all := make([]Instance, 0, len(v.all))
	for name, i := range v.all {
		if v.now().Sub(i.LastSeen) > forgotten {
			delete(v.all, name)
			continue
		}
		all = append(all, *i)
	}
	slices.SortFunc(all, func(a, b Instance) int { return strings.Compare(a.Instance, b.Instance) })
	return all
}

// countQueues notes the queues that a report counts.
func (v *View) countQueues(r health.Report, seen time.Time) {
	for name := range r.Measures {
		if queue, counts := strings.CutPrefix(name, `fx_queue_batches_total{queue="`); counts {
			v.queues[strings.TrimSuffix(queue, `"}`)] = seen
		}
	}
}

// Queues returns the names of the queues that the programs count, in order; also when all instances of a program have gone since yesterday:
// what waits there waits for them.
func (v *View) Queues() (names []string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for name, seen := range v.queues {
		if v.now().Sub(seen) > remembered {
			delete(v.queues, name)
			continue
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
