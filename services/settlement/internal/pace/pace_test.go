package pace_test

import (
	"testing"
	"time"

	"fxcore/services/settlement/internal/pace"
)

// checks are line checks of a bank, with a clock that the test holds.
type checks struct {
	*pace.Pace
	now time.Time
}

func newChecks() *checks {
	c := &checks{now: time.Date(2026, 12, 10, 0, 0, 0, 0, time.UTC)}
	c.Pace = pace.New(func() time.Time { return c.now })
	return c
}

// take has line checks take so long for some seconds.
func (c *checks) take(mean time.Duration, seconds int) {
	for range seconds {
		c.now = c.now.Add(time.Second)
		c.Told(mean)
	}
}

func TestExecutionRestsWhileLineChecksAreSlow(t *testing.T) {
	t.Parallel()
	c := newChecks()
	c.take(20*time.Millisecond, 30)
	if got := c.Rest(); got != 0 {
		t.Errorf("in the calm: rests %s", got)
	}
	c.take(90*time.Millisecond, 1)
	first := c.Rest()
	c.take(90*time.Millisecond, 3)
	if later := c.Rest(); first <= 0 || later <= first {
		t.Errorf("rests %s, and then %s", first, later)
	}
	c.take(time.Minute, 300) // longer than any block is kept for
	if got := c.Rest(); got != 500*time.Millisecond {
		t.Errorf("rests %s: it must go on", got)
	}
	c.take(20*time.Millisecond, 30)
	if got := c.Rest(); got != 0 {
		t.Errorf("in the calm again: rests %s", got)
	}
}

func TestNobodyIsYieldedToWhereNobodyChecks(t *testing.T) {
	t.Parallel()
	c := newChecks()
	if c.Rest() != 0 || c.Part(1000) != 1000 {
		t.Error("yields before the first check")
	}
	c.take(20*time.Millisecond, 20)
	c.take(time.Second, 20)
	if c.Rest() == 0 || c.Part(1000) != 250 {
		t.Errorf("beside slow checks: rests %s, takes %d", c.Rest(), c.Part(1000))
	}
	c.now = c.now.Add(4 * time.Second)
	if c.Rest() != 0 || c.Part(1000) != 1000 {
		t.Error("yields after the last check")
	}
}

// A machine on which checks are always slow has no other calm.
func TestTheCalmIsWhatTheMachineCanDo(t *testing.T) {
	t.Parallel()
	c := newChecks()
	c.take(500*time.Millisecond, 60)
	if got := c.Rest(); got != 0 {
		t.Errorf("rests %s", got)
	}
}
