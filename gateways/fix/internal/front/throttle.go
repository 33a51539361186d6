package front

import (
	"time"

	"fxcore/gateways/fix/internal/provider"
)

// throttle spaces messages evenly beyond a burst (the generic cell rate algorithm). It is used by one goroutine.
type throttle struct {
	interval  time.Duration // between messages; 0 is no bound
	tolerance time.Duration // how far ahead of that they may be
	next      time.Time     // when the next one would be due
}

func newThrottle(t provider.Throttle) *throttle {
	if t.PerSecond == 0 {
		return &throttle{}
	}
	interval := time.Second / time.Duration(t.PerSecond)
	return &throttle{interval: interval, tolerance: time.Duration(t.Burst) * interval}
}

// take counts n messages at now and returns how long to wait before the next.
func (t *throttle) take(n int, now time.Time) time.Duration {
	if t.interval == 0 {
		return 0
	}
	if t.next.Before(now) {
		t.next = now
	}
	t.next = t.next.Add(time.Duration(n) * t.interval)
	return max(0, t.next.Sub(now)-t.tolerance)
}

// allow counts one message at now, if it need not wait.
func (t *throttle) allow(now time.Time) bool {
	before := t.next
	if t.take(1, now) > 0 {
		t.next = before
		return false
	}
	return true
}
