package amqp

import (
	"testing"
	"time"

	"fxcore/lambda/event"
)

// The publisher of a cause may go by a clock that is ahead of the machine's. Its effects then do, too.
func TestAnEffectIsNeverEarlierThanItsCause(t *testing.T) {
	started := time.Now()
	ahead := event.Event{Time: started.Add(48 * time.Hour)}
	results := []Result{{Emit: make([]event.Event, 1)}, {Emit: make([]event.Event, 1)}, {Emit: []event.Event{{Time: started, Source: "own"}}}}
	stamp(results, []event.Event{{Time: started.Add(-time.Hour)}, ahead, ahead}, "test/1", started)
	usual, later, own := results[0].Emit[0], results[1].Emit[0], results[2].Emit[0]
	if usual.Time.Before(started) || !usual.Time.Before(ahead.Time) || !usual.Started.Equal(started) || usual.Source != "test/1" {
		t.Errorf("after a cause in the past: %+v", usual)
	}
	if !later.Time.Equal(ahead.Time) || later.Started.After(later.Time) || later.Time.Sub(later.Started) > time.Since(started) {
		t.Errorf("after a cause that is ahead: %+v", later)
	}
	if !own.Time.Equal(started) || own.Source != "own" {
		t.Errorf("what the handler had filled in: %+v", own)
	}
}
