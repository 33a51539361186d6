package clock_test

import (
	"fmt"
	"testing"
	"time"

	"fxcore/lambda/mirror"
	"fxcore/lambda/mirror/mirrortest"
	"fxcore/lambda/testkit"
	"fxcore/services/clock"
)

func stated(offset time.Duration) map[string]string {
	return map[string]string{"bank": fmt.Sprintf(`{"business_day":"2026-12-01","offset_seconds":%d}`, int(offset.Seconds()))}
}

// ahead returns how far a clock is ahead of real time, in whole hours.
func ahead(c *clock.Clock) time.Duration { return time.Until(c.Now()).Round(time.Hour) }

func awaitAhead(t *testing.T, c *clock.Clock, want time.Duration) {
	t.Helper()
	testkit.Eventually(t, "the clock to be ahead", time.Minute, func() error {
		if got := ahead(c); got != want {
			return fmt.Errorf("%s ahead, want %s", got, want)
		}
		return nil
	})
}

func TestTheClockFollowsTheMainframesOffset(t *testing.T) {
	rdb := testkit.Redis(t)
	mirrortest.Publish(t, rdb, "clock", 1, time.Now(), stated(24*time.Hour))
	c := mirrortest.Follow(t, clock.Open(rdb, clock.Config{MayRunAhead: true}))
	if got := ahead(c); got != 24*time.Hour {
		t.Errorf("once it is ready it is %s ahead", got)
	}
	if got := c.BusinessDay(); got != "2026-12-01" || new(clock.Clock).BusinessDay() != "" {
		t.Errorf("business day %q", got)
	}
	mirrortest.Publish(t, rdb, "clock", 2, time.Now(), stated(72*time.Hour))
	awaitAhead(t, c, 72*time.Hour)
	if err := c.Fresh(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestTheClockNeverGoesBack(t *testing.T) {
	rdb := testkit.Redis(t)
	mirrortest.Publish(t, rdb, "clock", 1, time.Now(), stated(24*time.Hour))
	c := mirrortest.Follow(t, clock.Open(rdb, clock.Config{MayRunAhead: true}))
	mirrortest.Publish(t, rdb, "clock", 2, time.Now(), stated(23*time.Hour))
	mirrortest.AwaitFault(t, c, "would go back by 1h0m0s")
	mirrortest.Publish(t, rdb, "clock", 3, time.Now(), map[string]string{"bank": `{"offset_seconds":-7200}`})
	mirrortest.AwaitFault(t, c, "would go back by 26h0m0s")
	if got := ahead(c); got != 24*time.Hour {
		t.Errorf("%s ahead", got)
	}
}

func TestAnOffsetIsRefusedWhereDaysMayNotBeRunAhead(t *testing.T) {
	rdb := testkit.Redis(t)
	mirrortest.Publish(t, rdb, "clock", 1, time.Now(), stated(24*time.Hour))
	c := mirrortest.Follow(t, clock.Open(rdb, clock.Config{}))
	mirrortest.AwaitFault(t, c, "24h0m0s ahead of real time, and CLOCK_MAY_RUN_AHEAD does not allow that")
	if got := ahead(c); got != 0 {
		t.Errorf("%s ahead", got)
	}
	mirrortest.Publish(t, rdb, "clock", 2, time.Now(), stated(0))
	testkit.Eventually(t, "the warning to go", time.Minute, func() error { return c.Fresh(t.Context()) })
}

// Redis has lost its data. A replica that starts now waits until the set is back. One that runs keeps its offset.
func TestWithoutTheSetAClockThatMayRunAheadWaits(t *testing.T) {
	rdb := testkit.Redis(t)
	mirrortest.Publish(t, rdb, "clock", 1, time.Now(), stated(24*time.Hour))
	running := mirrortest.Follow(t, clock.Open(rdb, clock.Config{MayRunAhead: true}))
	rdb.Del(t.Context(), mirror.MetaKey, mirror.Key("clock", 1))
	started := clock.Open(rdb, clock.Config{MayRunAhead: true})
	testkit.Background(t, started.Run)
	for name, c := range map[string]*clock.Clock{"running": running, "started": started} {
		t.Log(name)
		mirrortest.AwaitFault(t, c, mirror.ErrNoVersion.Error())
	}
	if running.Ready(t.Context()) != nil || ahead(running) != 24*time.Hour {
		t.Errorf("the clock that runs is %s ahead", ahead(running))
	}
	if started.Ready(t.Context()) == nil {
		t.Error("the clock that has started took real time")
	}
	mirrortest.Publish(t, rdb, "clock", 1, time.Now(), stated(24*time.Hour))
	awaitAhead(t, started, 24*time.Hour)
	testkit.Eventually(t, "the clock to be ready", time.Minute, func() error { return started.Ready(t.Context()) })
}

// A program must not decide on real time while it cannot know whether the bank's clock is ahead.
func TestAClockThatMayRunAheadWaitsForItsServer(t *testing.T) {
	rdb := testkit.Redis(t)
	may, mayNot := clock.Open(rdb, clock.Config{MayRunAhead: true}), clock.Open(rdb, clock.Config{})
	if may.Ready(t.Context()) == nil || mayNot.Ready(t.Context()) != nil || new(clock.Clock).Ready(t.Context()) != nil {
		t.Error("before the first look a clock is ready if it may not run ahead, and only then")
	}
}

func TestAClockAloneNeedsAServerToRunAhead(t *testing.T) {
	if err := (clock.Alone{Config: clock.Config{MayRunAhead: true}, Keys: mirrortest.Config(t).Keys}).Validate(); err == nil {
		t.Error("no server, and no error")
	}
	if err := (clock.Alone{}).Validate(); err != nil {
		t.Error(err)
	}
}
