package door

import "time"

// Rate is how fast a provider may send. If it sends faster, the gateway reads more slowly; it refuses nothing and loses nothing.
// PerSecond 0 means no bound.
type Rate struct {
	PerSecond int // messages
	Burst     int // messages that may come at once
}

// Throttle spaces messages evenly after a burst (the generic cell rate algorithm). It is not safe for concurrent use.
type Throttle struct {
	interval  time.Duration // between messages; 0 is no bound
	tolerance time.Duration // how far ahead of their time messages may be
	next      time.Time     // time at which the next message is due
}

// NewThrottle returns a throttle that has not counted a message yet.
func NewThrottle(t Rate) *Throttle {
	if t.PerSecond == 0 {
		return &Throttle{}
	}
	interval := time.Second / time.Duration(t.PerSecond)
	return &Throttle{interval: interval, tolerance: time.Duration(t.Burst) * interval}
}

// Take counts n messages at now. It returns how long to wait before the next one.
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

// Allow reports whether a message may pass at now without waiting, and counts it if so.
func (t *Throttle) Allow(now time.Time) bool {
	before := t.next
	if t.Take(1, now) > 0 {
		t.next = before
		return false
	}
	return true
}
