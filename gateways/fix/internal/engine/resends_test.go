package engine

import (
	"strings"
	"testing"
	"time"
)

// All messages of a session can be asked for again a few times in a minute. In the next minute it begins anew.
func TestTheSameIsSentAgainAFewTimesAMinute(t *testing.T) {
	var r resends
	start := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	answered := 0
	for i := range 100 {
		if r.refuse(1, 302, start.Add(time.Duration(i)*100*time.Millisecond)) == "" {
			answered++
		}
	}
	if answered != resendsAgain+1 {
		t.Errorf("%d of 100 requests were answered", answered)
	}
	if why := r.refuse(7, 7, start.Add(20*time.Second)); !strings.Contains(why, "ask again in 40s") {
		t.Errorf("a part of it is refused by %q", why)
	}
	if why := r.refuse(1, 302, start.Add(time.Minute)); why != "" {
		t.Errorf("in the next minute: %s", why)
	}
}

// Whoever asks for one range after the other, in parts as small as it likes, gets all of them.
func TestOneRangeAfterTheOtherIsNotBounded(t *testing.T) {
	var r resends
	now := time.Now()
	for begin := 1; begin < 100_000; begin += 100 {
		if why := r.refuse(begin, begin+99, now); why != "" {
			t.Fatal(why)
		}
	}
}
