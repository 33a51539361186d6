package door

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A caller that waits as told sends no more than the burst and what the rate has allowed since. It never waits for longer than
// the next message needs.
func TestThrottle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate, burst := rapid.IntRange(1, 1000).Draw(t, "rate"), rapid.IntRange(1, 100).Draw(t, "burst")
		pace := NewThrottle(Rate{PerSecond: rate, Burst: burst})
		begin := time.Unix(1_000_000, 0)
		now := begin
		for n := 1; n <= 300; n++ {
			wait := pace.Take(1, now)
			if wait > time.Second/time.Duration(rate) {
				t.Fatalf("message %d waits %s at %d/s", n, wait, rate)
			}
			now = now.Add(wait + time.Duration(rapid.IntRange(0, 5).Draw(t, "idle"))*time.Millisecond)
			allowed := float64(burst) + now.Sub(begin).Seconds()*float64(rate) + 1
			if float64(n) > allowed {
				t.Fatalf("%d messages after %s, %d/s with a burst of %d", n, now.Sub(begin), rate, burst)
			}
		}
	})
	if wait := NewThrottle(Rate{}).Take(1_000_000, time.Now()); wait != 0 {
		t.Errorf("no bound, and yet it waits %s", wait)
	}
}

func TestAllowCountsOnlyWhatItAllows(t *testing.T) {
	pace := NewThrottle(Rate{PerSecond: 1, Burst: 2})
	now := time.Unix(1_000_000, 0)
	got := 0
	for range 100 {
		if pace.Allow(now) {
			got++
		}
	}
	if got != 2 || !pace.Allow(now.Add(time.Second)) {
		t.Errorf("%d allowed at once", got)
	}
}
