package pace_test

import (
	"testing"
	"time"

	"fxcore/services/settlement/internal/pace"
)

const most = 1_000 // legs of a part where there are no line checks

// checks are line checks of a bank beside an execution, with a clock that the test holds.
type checks struct {
	*pace.Pace
	now time.Time
}

func newChecks() *checks {
	c := &checks{now: time.Date(2026, 12, 10, 0, 0, 0, 0, time.UTC)}
	c.Pace = pace.New(func() time.Time { return c.now })
	return c
}

// take has line checks take so long for some seconds in which nothing is executed.
func (c *checks) take(took time.Duration, seconds int) {
	for range seconds {
		c.now = c.now.Add(time.Second)
		c.Told(took)
	}
}

// beside has them take so long beside an execution whose parts take 10 ms each. It returns how many legs were executed in the last second.
func (c *checks) beside(took time.Duration, seconds int) (legs int) {
	for range seconds {
		legs = 0
		for end := c.now.Add(time.Second); c.now.Before(end); c.now = c.now.Add(10 * time.Millisecond) {
			c.now = c.now.Add(c.Rest())
			legs += c.Part(most)
		}
		c.Told(took)
	}
	return legs
}

// two returns how long two parts of an execution rest together that take no time.
func (c *checks) two() time.Duration {
	first := c.Rest()
	return first + c.Rest()
}

func TestExecutionIsSlowerWhileLineChecksAreSlow(t *testing.T) {
	t.Parallel()
	c := newChecks()
	c.take(20*time.Millisecond, 30)
	begin := c.beside(20*time.Millisecond, 1)
	slow := c.beside(90*time.Millisecond, 5)
	if slow >= begin {
		t.Errorf("%d legs a second, and beside slow checks %d", begin, slow)
	}
	if least := c.beside(time.Minute, 300); least < 400 || least >= slow {
		t.Errorf("%d legs a second beside checks that take a minute: it must go on", least)
	}
	if again := c.beside(20*time.Millisecond, 60); again <= begin {
		t.Errorf("%d legs a second beside checks that are as fast as in the calm", again)
	}
}

func TestPartsAreSpacedEvenly(t *testing.T) {
	t.Parallel()
	c := newChecks()
	c.take(20*time.Millisecond, 1)
	c.Rest()
	c.now = c.now.Add(30 * time.Millisecond) // a part takes some time
	if got := c.Rest(); got != 70*time.Millisecond {
		t.Errorf("rests %s", got)
	}
	c.now = c.now.Add(time.Second) // a part that took long is not made up for
	if first, second := c.Rest(), c.Rest(); first != 0 || second != 100*time.Millisecond {
		t.Errorf("rests %s, and then %s", first, second)
	}
}

// How fast checks are where nothing is executed says nothing about how much can be executed beside them.
func TestARateThatIsNotUsedDoesNotRise(t *testing.T) {
	t.Parallel()
	c := newChecks()
	c.take(20*time.Millisecond, 1)
	before := c.Part(most)
	c.take(20*time.Millisecond, 600)
	if after := c.Part(most); after != before {
		t.Errorf("a part takes %d, and after ten minutes of calm %d", before, after)
	}
}

func TestNobodyIsYieldedToWhereNobodyChecks(t *testing.T) {
	t.Parallel()
	c := newChecks()
	if c.two() != 0 || c.Part(most) != most {
		t.Error("yields before the first check")
	}
	c.take(20*time.Millisecond, 20)
	c.beside(time.Second, 20)
	if c.two() == 0 || c.Part(most) == most {
		t.Errorf("beside slow checks: takes %d", c.Part(most))
	}
	c.now = c.now.Add(4 * time.Second)
	if c.two() != 0 || c.Part(most) != most {
		t.Error("yields after the last check")
	}
}

// A machine on which checks are always slow has no other calm.
func TestTheCalmIsWhatTheMachineCanDo(t *testing.T) {
	t.Parallel()
	c := newChecks()
	c.take(500*time.Millisecond, 1)
	if begin, later := c.beside(500*time.Millisecond, 1), c.beside(500*time.Millisecond, 60); later <= begin {
		t.Errorf("%d legs a second, and later %d", begin, later)
	}
}
