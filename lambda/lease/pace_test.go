package lease

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"fxcore/lambda/testkit"
)

var paced = Config{Length: 1200 * time.Millisecond, Longest: 15 * time.Second, Renew: 240 * time.Millisecond, Poll: 100 * time.Millisecond}

func TestALeaseLastsAMultipleOfTheLatenessThatWasSeenTwice(t *testing.T) {
	p := newPace(paced)
	wants := func(at, want time.Duration) {
		t.Helper()
		if got := p.length(at); got != want {
			t.Errorf("at %s a lease lasts %s, want %s", at, got, want)
		}
	}
	wants(0, paced.Length)
	p.late(1*second, 150*time.Millisecond)
	p.late(2*second, 150*time.Millisecond)
	wants(2*second, paced.Length) // a machine that is only busy
	p.late(10*second, 3*second)
	wants(10*second, paced.Length) // one pause
	p.late(10*second, time.Second)
	wants(10*second, paced.Length) // of the same second
	p.late(30*second, time.Second)
	wants(30*second, multiple*time.Second)
	p.late(31*second, time.Minute)
	wants(31*second, paced.Longest)
	wants(60*second, paced.Longest)
	wants(80*second, multiple*time.Second) // the pause of the tenth second is over
	wants(90*second, paced.Length)
	wants(time.Hour, paced.Length)
}

func TestEachFurtherLapseDoublesTheLength(t *testing.T) {
	p := newPace(paced)
	for i, milliseconds := range []int{1200, 2400, 4800, 9600, 15000, 15000} {
		want := time.Duration(milliseconds) * time.Millisecond
		at := time.Duration(10*i) * second
		p.lapsed(at)
		p.lapsed(at) // of another name
		if got := p.length(at); got != want {
			t.Errorf("after lapse %d a lease lasts %s, want %s", i+1, got, want)
		}
	}
	if got := p.length(10 * time.Minute); got != paced.Length {
		t.Errorf("ten minutes later it lasts %s", got)
	}
}

func TestALeaseStaysWithinItsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, now := newPace(paced), time.Duration(0)
		for range 100 {
			now += time.Duration(rapid.IntRange(0, 5000).Draw(t, "ms")) * time.Millisecond
			if rapid.IntRange(0, 9).Draw(t, "lapse") == 0 {
				p.lapsed(now)
			}
			p.late(now, time.Duration(rapid.IntRange(0, 100_000).Draw(t, "late"))*time.Millisecond)
			if got := p.length(now); got < paced.Length || got > paced.Longest {
				t.Fatalf("a lease lasts %s", got)
			}
		}
		if got := p.length(now + paceWindow*second); got != paced.Length {
			t.Fatalf("a minute after the last measure a lease lasts %s", got)
		}
	})
}

// The database answers so late that a lease of a fixed length lapses again and again. A lease of a length that follows is kept. Once
// the database answers in time, leases are short again.
func TestALeaseIsKeptWhereAnswersAreLate(t *testing.T) {
	fixed := paced
	fixed.Longest = 0
	for name, late := range map[string][]time.Duration{
		"some": {50 * time.Millisecond, 50 * time.Millisecond, 600 * time.Millisecond, 600 * time.Millisecond},
		"all":  {600 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			var held time.Duration
			synctest.Test(t, func(t *testing.T) { _, held = keepsFor(t, fixed, late, 10*time.Minute) })
			if held > 8*time.Minute {
				t.Errorf("with a fixed length it was held for %s of ten minutes: the answers are not late enough to show anything", held)
			}
			synctest.Test(t, func(t *testing.T) {
				k, held := keepsFor(t, paced, late, 10*time.Minute)
				if p := k.Pace(); held < 10*time.Minute-10*second || p.Lapses > 3 || !p.Slow {
					t.Errorf("held for %s of ten minutes: %+v", held, p)
				}
				k.rows.(*memory).answersAfter(0)
				pass(2 * time.Minute)
				if p := k.Pace(); p.Length != paced.Length || p.Slow {
					t.Errorf("once answers are in time: %+v", p)
				}
			})
		})
	}
}

// keepsFor returns a keeper and for how long it held a lease.
func keepsFor(t *testing.T, cfg Config, late []time.Duration, while time.Duration) (k *Keeper, held time.Duration) {
	t.Helper()
	rows := newMemory()
	rows.answersAfter(late...)
	k = keeperWith(t, rows, cfg, newRecorder())
	k.Want("a")
	const step = 10 * time.Millisecond
	for range while / step {
		pass(step)
		if _, ok := k.Held("a"); ok {
			held += step
		}
	}
	return k, held
}

// The process is woken late: its clock jumps while its timers wait.
func TestAProcessThatIsWokenLateKeepsLeasesLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var jumped atomic.Int64
		started := time.Now()
		k := newKeeper(newMemory(), paced, newRecorder(), testkit.Log(t), func() time.Duration {
			return time.Since(started) + time.Duration(jumped.Load())
		})
		run(t, k)
		for range 3 {
			pass(2 * second)
			jumped.Add(int64(500 * time.Millisecond))
		}
		pass(second)
		if p := k.Pace(); p.Length < multiple*400*time.Millisecond || !p.Slow {
			t.Errorf("%+v", p)
		}
		pass(2 * time.Minute)
		if p := k.Pace(); p.Length != paced.Length || p.Slow {
			t.Errorf("later: %+v", p)
		}
	})
}
