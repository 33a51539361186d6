package door

import "time"

// Rate bounds what a provider may send. Beyond it reading pauses, so nothing is refused and nothing is lost. PerSecond 0
// means no bound.
type Rate struct {
	PerSecond int // messages
	Burst     int // messages at once
}

// Throttle spaces messages evenly beyond a burst (the generic cell rate algorithm). It is used by one goroutine.
type Throttle struct {
	interval  time.Duration // between messages; 0 is no bound
	tolerance time.Duration // how far ahead of that they may be
	next      time.Time     // when the next one would be due
}

// NewThrottle returns a throttle that has let nothing pass yet.
func NewThrottle(t Rate) *Throttle {
	if t.PerSecond == 0 {
		return &Throttle{}
	}
	interval := time.Second / time.Duration(t.PerSecond)
	return &Throttle{interval: interval, tolerance: time.Duration(t.Burst) * interval}
}

// Take counts n messages at now and returns how long to wait before the next.
func (t *Throttle) Take(n int, now time.Time) time.Duration {
	if t.interval == 0 {
		return 0
	}
	if t.next.Before(now) {
		t.next = now
	}
	t.next = t.next.Add(time.Duration(n) * t.interval)
	return max(0, t.next.Sub(now)-t.tolerance)
}

// Allow counts one message at now, if it need not wait.
func (t *Throttle) Allow(now time.Time) bool {
	before := t.next
	if t.Take(1, now) > 0 {
		t.next = before
		return false
	}
	return true
}
