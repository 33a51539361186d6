package queues_test

import (
	"testing"
	"time"

	"fxcore/lambda/health"
	"fxcore/services/monitoring/internal/alert"
	"fxcore/services/monitoring/internal/instances"
	"fxcore/services/monitoring/internal/queues"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

func said(instance string, started, at time.Time, handled float64) instances.Instance {
	return instances.Instance{LastSeen: at, Report: health.Report{Instance: instance, StartedAt: started, Measures: map[string]float64{
		`fx_queue_handled_total{queue="auth"}`: handled, `fx_queue_failed_total{queue="auth"}`: 0,
	}}}
}

func depth(name string, ready, consumers int, backlog float64) []alert.Sample {
	return []alert.Sample{
		alert.Of("fx_queue_messages", float64(ready), "queue", name), alert.Of("fx_queue_consumers", float64(consumers), "queue", name),
		alert.Of("fx_queue_backlog_seconds", backlog, "queue", name),
	}
}

func TestThePaceIsThatOfAllReplicas(t *testing.T) {
	t.Parallel()
	var w queues.Watch
	if q := w.All(depth("auth", 0, 2, 0))[0]; q.Handled != nil {
		t.Errorf("a pace that nobody knows: %v", *q.Handled)
	}
	w.Look([]instances.Instance{said("auth-1", noon, noon, 100), said("auth-2", noon, noon, 0)})
	later := noon.Add(5 * time.Second)
	w.Look([]instances.Instance{said("auth-1", noon, later, 150), said("auth-2", noon, later, 100)})
	w.Look([]instances.Instance{said("auth-1", noon, later, 150), said("auth-2", noon, later, 100)}) // nothing new was said
	if q := w.All(depth("auth", 0, 2, 0))[0]; q.Handled == nil || *q.Handled != 30 || *q.Failed != 0 {
		t.Errorf("%+v", q)
	}
	w.Look([]instances.Instance{said("auth-1", later, later.Add(time.Second), 3)}) // a new process counts from 0
	if q := w.All(depth("auth", 0, 2, 0))[0]; q.Handled != nil {
		t.Errorf("a pace across a start: %v", *q.Handled)
	}
}

func TestWhatIsWrongComesFirst(t *testing.T) {
	t.Parallel()
	var w queues.Watch
	samples := append(depth("a", 3, 1, 0), depth("b", 90, 1, 10)...)
	samples = append(samples, depth("c", 1, 0, 0)...)
	samples = append(samples, depth("d", 80, 2, 61)...)
	samples = append(samples, alert.Of("fx_queue_failed_total", 1, "queue", "e", "instance", "auth-1"))
	var got string
	for _, q := range w.All(samples) {
		got += q.Name + ":" + q.State + " "
	}
	if got != "c:over d:over b:warn a:ok " {
		t.Error(got)
	}
}

func TestAQueueWhoseMessagesFailIsShownFirstThoughNothingWaits(t *testing.T) {
	t.Parallel()
	var w queues.Watch
	w.Look([]instances.Instance{said("auth-1", noon, noon, 100)})
	fails := said("auth-1", noon, noon.Add(5*time.Second), 150)
	fails.Measures[`fx_queue_failed_total{queue="auth"}`] = 10
	w.Look([]instances.Instance{fails})
	if all := w.All(append(depth("api", 0, 2, 0), depth("auth", 0, 2, 0)...)); all[0].Name != "auth" || all[0].State != queues.Warn {
		t.Errorf("%+v", all)
	}
}
