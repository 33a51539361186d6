package instances_test

import (
	"fmt"
	"testing"
	"time"

	"fxcore/lambda/health"
	"fxcore/services/monitoring/internal/alert"
	"fxcore/services/monitoring/internal/instances"
)

// clock is a time that the test holds.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func (c *clock) pass(d time.Duration) { c.at = c.at.Add(d) }

func fresh() (*clock, *instances.View) {
	c := &clock{time.Date(2026, 11, 30, 2, 0, 0, 0, time.UTC)}
	return c, instances.New(c.now)
}

func report(program, replica string) health.Report {
	return health.Report{Instance: program + "-" + replica, Program: program, Version: "v1", Ready: true, Live: true, StartedAt: time.Unix(1, 0)}
}

func value(t *testing.T, v *instances.View, name string, labels ...string) float64 {
	t.Helper()
	want := alert.Of(name, 0, labels...)
	for _, s := range v.Samples() {
		match := s.Name == want.Name
		for label, text := range want.Labels {
			match = match && s.Labels[label] == text
		}
		if match {
			return s.Value
		}
	}
	t.Fatalf("no %s", want)
	return 0
}

func TestAnInstanceThatSaysNothingIsSilentAndNotReady(t *testing.T) {
	c, v := fresh()
	v.Note(report("auth", "1"), c.at)
	v.Note(report("auth", "2"), c.at)
	c.pass(16 * time.Second)
	v.Note(report("auth", "2"), c.at)
	if got := value(t, v, "fx_instance_silent_seconds", "instance", "auth-1"); got != 16 {
		t.Errorf("silent for %v", got)
	}
	if got := value(t, v, "fx_program_ready_instances", "program", "auth"); got != 1 {
		t.Errorf("%v ready", got)
	}
	c.pass(20 * time.Minute)
	v.Note(report("auth", "2"), c.at)
	if all := v.All(); len(all) != 1 {
		t.Errorf("not forgotten: %v", all)
	}
}

func TestAnInstanceThatSaysGoodbyeIsNotSilent(t *testing.T) {
	c, v := fresh()
	r := report("auth", "1")
	v.Note(r, c.at)
	r.Live = false
	v.Note(r, c.at.Add(time.Second))
	if len(v.All()) != 0 {
		t.Error("is still shown")
	}
	if got := value(t, v, "fx_program_ready_instances", "program", "auth"); got != 0 {
		t.Errorf("%v ready", got)
	}
}

func TestSilenceCountsFromWhenReportsCanArrive(t *testing.T) {
	c, v := fresh()
	v.Note(report("auth", "1"), c.at)
	c.pass(time.Minute)
	v.Deaf()
	c.pass(3 * time.Second)
	if got := value(t, v, "fx_instance_silent_seconds"); got != 3 {
		t.Errorf("silent for %v", got)
	}
}

func TestStartsHoldersVersionsAndFailuresAreCounted(t *testing.T) {
	c, v := fresh()
	for n := range 5 {
		r := report("fix", fmt.Sprint(1+n%2))
		r.StartedAt, r.Version, r.Holds = c.at, fmt.Sprint("v", n%2), []string{"ALPHA"}
		v.Note(r, c.at)
		c.pass(time.Second)
	}
	if got := value(t, v, "fx_lease_moves", "lease", "fix/ALPHA"); got != 4 {
		t.Errorf("%v moves", got)
	}
	if got := value(t, v, "fx_instance_starts", "instance", "fix-1"); got != 3 {
		t.Errorf("%v starts", got)
	}
	if got := value(t, v, "fx_program_versions", "program", "fix"); got != 2 {
		t.Errorf("%v versions", got)
	}
	r := report("auth", "1")
	for failed := 0.0; failed <= 30; failed += 30 {
		r.Measures = map[string]float64{`fx_queue_failed_total{queue="auth"}`: failed, `fx_queue_batches_total{queue="auth"}`: 1}
		v.Note(r, c.at)
		c.pass(30 * time.Second)
	}
	v.Note(report("auth", "2"), c.at)
	c.pass(-20 * time.Second)
	if got := value(t, v, "fx_queue_failures_per_minute", "queue", "auth"); got != 60 {
		t.Errorf("%v failures a minute", got)
	}
	if got := v.Queues(); len(got) != 1 || got[0] != "auth" {
		t.Errorf("queues %v", got)
	}
}

func TestWhatWasStoredDoesNotReplaceWhatWasHeard(t *testing.T) {
	c, v := fresh()
	v.Note(report("auth", "1"), c.at)
	old := instances.Instance{Report: report("auth", "1"), LastSeen: c.at.Add(-time.Minute)}
	gone := instances.Instance{Report: report("api", "1"), LastSeen: c.at.Add(-time.Minute)}
	v.Restore([]instances.Instance{old, gone})
	all := v.All()
	if len(all) != 2 || !all[1].LastSeen.Equal(c.at) || all[0].Instance != "api-1" {
		t.Errorf("%+v", all)
	}
}
