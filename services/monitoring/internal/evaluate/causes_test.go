package evaluate_test

import (
	"testing"
	"time"

	"fxcore/lambda/health"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/services/monitoring/internal/alert"
	"fxcore/services/monitoring/internal/evaluate"
	"fxcore/services/monitoring/internal/store"
)

// scene is the core of one test: two instances of a program, which report every five seconds, and what the servers say.
type scene struct {
	reports map[string]*health.Report
	servers map[string]float64 // measures of monitoring's own looks
	dead    map[string]bool    // instances that report no more
	eachDo  func(s *scene)     // is called before every look; nil: nothing changes
	looks   int
}

func quietScene() *scene {
	s := &scene{reports: map[string]*health.Report{}, dead: map[string]bool{}, servers: map[string]float64{
		"fx_postgres_up": 1, "fx_rabbitmq_up": 1, "fx_redis_up": 1, "fx_postgres_answer_seconds": 0.001, "fx_postgres_connections_ratio": 0.4,
		"fx_disk_used_ratio": 0.5, "fx_errors_waiting": 0, "fx_unroutable_waiting": 0, "fx_logs_backlog_seconds": 0,
		`fx_queue_unserved_messages{queue="auth"}`: 0, `fx_queue_backlog_seconds{queue="auth"}`: 0,
	}}
	for _, name := range []string{"auth-1", "auth-2"} {
		s.reports[name] = &health.Report{
			Instance: name, Program: "auth", Version: "v1", Ready: true, Live: true, EverySeconds: 5, StartedAt: time.Unix(1, 0),
			Measures: map[string]float64{
				`fx_session_active{provider="ALPHA"}`: 1, "fx_bookings_waiting": 0, "fx_movements_waiting": 0, "fx_movements_failed": 0, "fx_reversals_refused": 0, "fx_rates_age_seconds": 2,
				`fx_session_requests_waiting{provider="ALPHA"}`: 0, `fx_session_messages_in_total{provider="ALPHA"}`: 7, "fx_process_resident_bytes": 100 << 20, `fx_job_failed{job="end_of_day"}`: 0,
				`fx_job_stalled{job="end_of_day"}`: 0, "fx_tracing_lag_seconds": 0, `fx_store_up{store="cassandra"}`: 1, "fx_logs_dropped_total": 0,
				"fx_audit_broken": 0, "fx_audit_dropped_total": 0, "fx_audit_emergencies": 0,
				`fx_queue_failed_total{queue="auth"}`: 0,
			},
		}
	}
	return s
}

// all sets a measure in the reports of all instances.
func (s *scene) all(name string, value float64) {
	for _, r := range s.reports {
		r.Measures[name] = value
	}
}

func (s *scene) samples() (all []alert.Sample) {
	for name, value := range s.servers {
		all = append(all, alert.Parse(name, value))
	}
	return all
}

// cause makes what a rule is about, and mends it. The alert's key is rule:subject.
type cause struct {
	subject    string
	make, mend func(s *scene)
	within     time.Duration // 30 s if 0
}

// reported is a cause that all instances report as a measure.
func reported(subject, name string, bad, good float64) cause {
	return cause{subject: subject, make: func(s *scene) { s.all(name, bad) }, mend: func(s *scene) { s.all(name, good) }}
}

// seen is a cause that monitoring sees itself.
func seen(subject, name string, bad, good float64) cause {
	return cause{subject: subject, make: func(s *scene) { s.servers[name] = bad }, mend: func(s *scene) { s.servers[name] = good }}
}

// growing is a counter that grows by so much between two looks, until it is mended.
func growing(subject, name string, each float64) cause {
	grow := func(s *scene) { s.all(name, s.reports["auth-1"].Measures[name]+each) }
	return cause{subject: subject, make: func(s *scene) { s.eachDo = grow }, mend: func(s *scene) { s.eachDo = nil }}
}

func kill(names ...string) func(*scene) {
	return func(s *scene) {
		for _, name := range names {
			s.dead[name] = true
		}
	}
}

func revive(s *scene) { clear(s.dead) }

// unready makes one instance say that it is not ready.
func unready(s *scene) { s.reports["auth-1"].Ready = false }

func ready(s *scene) { s.reports["auth-1"].Ready = true }

// swing moves a lease between both instances at every look.
func swing(s *scene) {
	s.reports["auth-1"].Holds, s.reports["auth-2"].Holds = []string{"fix/ALPHA"}, nil
	if s.looks%2 == 0 {
		s.reports["auth-1"].Holds, s.reports["auth-2"].Holds = nil, []string{"fix/ALPHA"}
	}
}

// causes has a cause for each rule.
func causes() map[string]cause {
	still := func(s *scene) { s.eachDo = nil }
	return map[string]cause{
		"session_unserved":     reported("ALPHA", `fx_session_active{provider="ALPHA"}`, 0, 1),
		"queue_unserved":       seen("auth", `fx_queue_unserved_messages{queue="auth"}`, 1, 0),
		"queue_late":           seen("auth", `fx_queue_backlog_seconds{queue="auth"}`, 25, 0),
		"bookings_waiting":     reported("core", "fx_bookings_waiting", 150, 0), // of each of two: a sum
		"bookings_late":        reported("core", "fx_bookings_oldest_seconds", 12, 0.1),
		"movements_late":       reported("core", "fx_movements_oldest_seconds", 12, 0.1),
		"movements_waiting":    reported("core", "fx_movements_waiting", 150, 0),
		"settlement_failed":    reported("core", "fx_movements_failed", 1, 0),
		"reversal_refused":     reported("auth-1", "fx_reversals_refused", 1, 0),
		"rates_stale":          reported("core", "fx_rates_age_seconds", 21, 2),
		"provider_flooding":    growing("ALPHA", `fx_session_messages_in_total{provider="ALPHA"}`, 2000),
		"requests_unconfirmed": reported("ALPHA", `fx_session_requests_waiting{provider="ALPHA"}`, 900, 10),
		"program_down":         {subject: "auth", make: kill("auth-1", "auth-2"), mend: revive},
		"program_alone":        {subject: "auth", make: unready, mend: ready},
		"instance_silent":      {subject: "auth-2", make: kill("auth-2"), mend: revive},
		"instance_not_ready":   {subject: "auth-1", make: unready, mend: ready},
		"instance_restarting":  {subject: "auth-1", make: func(s *scene) { s.eachDo = restart }, mend: still},
		"version_mixed":        {subject: "auth", make: func(s *scene) { s.reports["auth-1"].Version = "v2" }, mend: func(s *scene) { s.reports["auth-2"].Version = "v2" }, within: 16 * time.Minute},
		"lease_flapping":       {subject: "auth/fix/ALPHA", make: func(s *scene) { s.eachDo = swing }, mend: still, within: 40 * time.Second},
		"instance_late":        reported("auth-1", "fx_lease_length_seconds", 6, 1.2),
		"memory_high":          reported("auth-1", "fx_process_resident_bytes", 2<<30, 1<<20),
		"postgres_down":        seen("core", "fx_postgres_up", 0, 1),
		"rabbitmq_down":        seen("core", "fx_rabbitmq_up", 0, 1),
		"redis_down":           seen("core", "fx_redis_up", 0, 1),
		"postgres_slow":        seen("core", "fx_postgres_answer_seconds", 2, 0.01),
		"postgres_connections": seen("core", "fx_postgres_connections_ratio", 0.9, 0.5),
		"disk_full":            seen("core", "fx_disk_used_ratio", 0.95, 0.5),
		"error_queue":          seen("core", "fx_errors_waiting", 1, 0),
		"unroutable":           seen("core", "fx_unroutable_waiting", 1, 0),
		"job_failed":           reported("end_of_day", `fx_job_failed{job="end_of_day"}`, 1, 0),
		"job_stalled":          reported("end_of_day", `fx_job_stalled{job="end_of_day"}`, 1, 0),
		"messages_failing":     growing("auth", `fx_queue_failed_total{queue="auth"}`, 10),
		"instance_warns":       {subject: "auth-1", make: func(s *scene) { s.reports["auth-1"].Warnings = []health.Reason{{Part: "redis"}} }, mend: func(s *scene) { s.reports["auth-1"].Warnings = nil }, within: 6 * time.Minute},
		"tracing_late":         reported("core", "fx_tracing_lag_seconds", 20, 0),
		"logs_late":            seen("core", "fx_logs_backlog_seconds", 25, 0),
		"logs_dropped":         growing("auth-1", "fx_logs_dropped_total", 3),
		"audit_broken":         reported("core", "fx_audit_broken", 1, 0),
		"audit_dropped":        reported("auth-1", "fx_audit_dropped_total", 3, 0), // until a restart
		"break_glass":          reported("core", "fx_audit_emergencies", 1, 0),
		"store_away":           reported("cassandra", `fx_store_up{store="cassandra"}`, 0, 1),
	}
}

// restart is a new start of one instance.
func restart(s *scene) {
	s.reports["auth-1"].StartedAt = s.reports["auth-1"].StartedAt.Add(time.Second)
}

// life runs a scene with one judge after the other, and clocks that the test holds.
type life struct {
	w      *world
	s      *scene
	judges []*evaluate.Evaluator
}

// until looks every five seconds until the alert has the state. It returns how long that took; false if it took longer than the bound.
func (l *life) until(t *testing.T, key string, state alert.State, bound time.Duration) (time.Duration, bool) {
	t.Helper()
	for passed := time.Duration(0); passed <= bound; passed += evaluate.Every {
		l.look(t)
		if told := l.w.last(key); told == state {
			return passed, true
		}
	}
	return bound, false
}

func (l *life) look(t *testing.T) {
	t.Helper()
	l.s.looks++
	if l.s.eachDo != nil {
		l.s.eachDo(l.s)
	}
	for _, judge := range l.judges {
		for name, r := range l.s.reports {
			if !l.s.dead[name] {
				report := *r
				report.Measures = map[string]float64{}
				for measure, value := range r.Measures {
					report.Measures[measure] = value
				}
				judge.View.Note(report, l.w.now())
			}
		}
	}
	l.w.samples = l.s.samples()
	l.judges[l.s.looks%len(l.judges)].Once(t.Context())
	l.w.pass(evaluate.Every)
}

// last returns the state of an alert that was told last; empty if none was.
func (w *world) last(key string) (state alert.State) {
	for _, a := range w.told {
		if a.Key == key {
			state = a.State
		}
	}
	return state
}

// The state is in Postgres, two replicas judge in turns, and all other rules are judged, too. A rule without a cause here fails.
func TestEachRuleIsToldWhenItsCauseIsMadeAndWhenItIsMended(t *testing.T) {
	all := causes()
	for _, r := range alert.Rules() {
		c, some := all[r.Name]
		if !some {
			t.Errorf("rule %s has no cause here: add one", r.Name)
			continue
		}
		delete(all, r.Name)
		t.Run(r.Name, func(t *testing.T) { play(t, r, c) })
	}
	for name := range all {
		t.Errorf("%s is a cause of no rule", name)
	}
}

func play(t *testing.T, r alert.Rule, c cause) {
	t.Helper()
	w, kept := begun(), store.Store{Pool: postgrestest.Schema(t, store.Migrations)}
	l := &life{w: w, s: quietScene(), judges: []*evaluate.Evaluator{w.replica(t, kept), w.replica(t, kept)}}
	for range 3 {
		l.look(t)
	}
	if len(w.told) > 0 {
		t.Fatalf("told before there is a cause: %v", w.told)
	}
	bound := max(30*time.Second, c.within)
	c.make(l.s)
	if took, fired := l.until(t, r.Key(c.subject), alert.Firing, bound); !fired {
		t.Fatalf("not told within %s", took)
	}
	c.mend(l.s)
	if took, cleared := l.until(t, r.Key(c.subject), alert.Cleared, 11*time.Minute+r.ClearFor); !cleared {
		t.Fatalf("not cleared within %s: %v", took, w.told)
	}
}

// Whoever is woken because no instance is ready reads of one thing that is wrong. An alert that the program is alone clears when its last instance ends.
func TestAProgramIsAloneOrDownNeverBoth(t *testing.T) {
	w, kept := begun(), store.Store{Pool: postgrestest.Schema(t, store.Migrations)}
	l := &life{w: w, s: quietScene(), judges: []*evaluate.Evaluator{w.replica(t, kept)}}
	for range 3 {
		l.look(t)
	}
	kill("auth-1", "auth-2")(l.s)
	if _, fired := l.until(t, "program_down:auth", alert.Firing, time.Minute); !fired {
		t.Fatal("not told that the program is down")
	}
	for range 12 {
		l.look(t)
	}
	if told := w.last("program_alone:auth"); told != "" {
		t.Errorf("a program that is down is alone, too: %s", told)
	}
	l.s.dead = map[string]bool{"auth-2": true}
	if _, fired := l.until(t, "program_alone:auth", alert.Firing, time.Minute); !fired || w.last("program_down:auth") != alert.Cleared {
		t.Errorf("one instance is back: alone %v, down %s", fired, w.last("program_down:auth"))
	}
	kill("auth-1")(l.s)
	if _, fired := l.until(t, "program_down:auth", alert.Firing, time.Minute); !fired {
		t.Fatal("not told that the last instance is gone")
	}
	if _, cleared := l.until(t, "program_alone:auth", alert.Cleared, time.Minute); !cleared {
		t.Error("the alert that it is alone stays")
	}
}
