// Package queues puts together what is known of each queue at the broker: its depth, which monitoring asks, and the pace of its consumers,
// which they report.
package queues

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"fxcore/services/monitoring/internal/alert"
	"fxcore/services/monitoring/internal/instances"
)

// The states of a queue.
const (
	OK   = "ok"
	Warn = "warn" // a backlog has begun, or messages fail
	Over = "over" // nobody consumes what waits, or the backlog has lasted for tooLong
)

// tooLong is how long a backlog may last. From failing on, in failures a second, somebody must look.
const (
	tooLong = time.Minute
	failing = 1.0
)

// Queue is a queue now. The broker tells neither how many messages are delivered and not acknowledged nor how old the oldest one is.
type Queue struct {
	Name      string   `json:"name"`
	Ready     int      `json:"ready"` // messages; one may hold many events
	Consumers int      `json:"consumers"`
	Handled   *float64 `json:"handled_per_second"` // events; null: not known yet, or nobody says
	Failed    *float64 `json:"failed_per_second"`  // of them
	Backlog   float64  `json:"backlog_seconds"`    // for how long more than 50 messages have waited, whole seconds
	State     string   `json:"state"`
}

// Watch knows the pace of the consumers of all queues. It is safe for concurrent use.
type Watch struct {
	mu     sync.Mutex
	before map[string]instances.Instance // by name
	paces  map[string]map[pace]float64   // by instance: events a second
}

// pace is a counter of a queue: handled or failed.
type pace struct{ queue, what string }

// Look takes what all instances have said last. It wants to be called once in each interval of the reports.
func (w *Watch) Look(all []instances.Instance) {
	w.mu.Lock()
	defer w.mu.Unlock()
	before, paces := w.before, w.paces
	w.before, w.paces = map[string]instances.Instance{}, map[string]map[pace]float64{}
	for _, i := range all {
		old, known := before[i.Instance]
		w.before[i.Instance] = i
		switch passed := i.LastSeen.Sub(old.LastSeen).Seconds(); {
		case !known || !old.StartedAt.Equal(i.StartedAt):
		case passed <= 0:
			w.before[i.Instance], w.paces[i.Instance] = old, paces[i.Instance]
		default:
			w.paces[i.Instance] = pacesOf(old.Measures, i.Measures, passed)
		}
	}
}

func pacesOf(before, now map[string]float64, seconds float64) map[pace]float64 {
	all := map[pace]float64{}
	for name, value := range now {
		s := alert.Parse(name, value)
		what := strings.TrimSuffix(strings.TrimPrefix(s.Name, "fx_queue_"), "_total")
		if queue := s.Labels["queue"]; queue != "" && (what == "handled" || what == "failed") {
			all[pace{queue, what}] = max(0, value-before[name]) / seconds
		}
	}
	return all
}

// All returns all queues of the samples by name, those in a bad state first.
func (w *Watch) All(samples []alert.Sample) []Queue {
	byName := map[string]*Queue{}
	for _, s := range samples {
		name := s.Labels["queue"]
		if name == "" || !strings.HasPrefix(s.Name, "fx_queue_") || s.Labels["instance"] != "" {
			continue
		}
		if byName[name] == nil {
			byName[name] = &Queue{Name: name}
		}
		byName[name].take(s)
	}
	all := []Queue{}
	for _, q := range byName {
		q.Handled, q.Failed = w.pace(pace{q.Name, "handled"}), w.pace(pace{q.Name, "failed"})
		q.State = q.state()
		all = append(all, *q)
	}
	rank := map[string]int{Over: 0, Warn: 1, OK: 2}
	slices.SortFunc(all, func(a, b Queue) int {
		return cmp.Or(cmp.Compare(rank[a.State], rank[b.State]), cmp.Compare(a.Name, b.Name))
	})
	return all
}

func (q *Queue) take(s alert.Sample) {
	switch s.Name {
	case "fx_queue_messages":
		q.Ready = int(s.Value)
	case "fx_queue_consumers":
		q.Consumers = int(s.Value)
	case "fx_queue_backlog_seconds":
		q.Backlog = math.Trunc(s.Value)
	}
}

func (q *Queue) state() string {
	switch {
	case q.Ready > 0 && q.Consumers == 0, q.Backlog >= tooLong.Seconds():
		return Over
	case q.Backlog > 0, q.Failed != nil && *q.Failed >= failing:
		return Warn
	}
	return OK
}

// pace returns the sum over all instances; nil if none says anything.
func (w *Watch) pace(p pace) *float64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	var sum *float64
	for _, of := range w.paces {
		if value, known := of[p]; known {
			if sum == nil {
				sum = new(float64)
			}
			*sum += value
		}
	}
	return sum
}
