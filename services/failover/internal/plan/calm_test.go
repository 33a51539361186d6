package plan_test

import (
	"strings"
	"testing"
	"time"

	"fxcore/services/failover/internal/plan"
)

// loses has a living instance lose A, and the other one take it.
func (b *bench) loses(from, to string, epoch int64) {
	b.Left(key("A"), from, epoch, b.now, plan.CauseLapsed)
	b.Taken(key("A"), to, epoch+1, b.now)
}

// pass lets time pass, while fix/1 holds B and fix/2 holds A and the rest.
func (b *bench) pass(d time.Duration, one, two string) {
	for range d / time.Second {
		b.report("fix/1", one)
		b.report("fix/2", two)
		b.now = b.now.Add(time.Second)
	}
}

// A session that is lost three times within a minute by instances that live does not fall back for a minute; if it goes on, for two, and so on.
func TestASessionThatIsLostAgainAndAgainStaysWhereItIs(t *testing.T) {
	b := settled(t)
	b.loses("fix/1", "fix/2", 1)
	b.loses("fix/2", "fix/1", 2)
	b.loses("fix/1", "fix/2", 3)
	b.pass(30*time.Second, "B1", "A4 C1 D1")
	b.expect(t, "")
	b.pass(30*time.Second, "B1", "A4 C1 D1")
	b.expect(t, "A fix/2>fix/1 fall-back")
	kept := b.Told[len(b.Told)-3:]
	if told := find(b.Told, "kept"); len(told) != 1 || !strings.Contains(told[0].Text, "lost 3 times within 1m0s") {
		t.Errorf("the history says %+v", kept)
	}
	b.Taken(key("A"), "fix/1", 5, b.now)
	for range 3 {
		b.loses("fix/1", "fix/2", 5)
	}
	until := b.Homes[key("A")].Calm.Until
	if pause := until.Sub(b.now); pause != 2*time.Minute {
		t.Errorf("kept for %s the second time", pause)
	}
}

// Takeovers from killed instances, and losses with long pauses, are no flapping.
func TestWhatIsLostNowAndThenFallsBack(t *testing.T) {
	b := settled(t)
	for epoch := int64(1); epoch < 8; epoch += 2 {
		b.Left(key("A"), "fix/1", epoch, b.now, "given")
		b.Taken(key("A"), "fix/2", epoch+1, b.now)
		b.Left(key("A"), "fix/1", epoch, b.now, plan.CauseLapsed)
		b.now = b.now.Add(40 * time.Second)
	}
	b.pass(12*time.Second, "B1", "A8 C1 D1")
	b.expect(t, "A fix/2>fix/1 fall-back")
	if told := find(b.Told, "kept"); len(told) > 0 {
		t.Errorf("%+v", told)
	}
}

// A person may move a session that is kept.
func TestACommandMovesASessionThatIsKept(t *testing.T) {
	b := settled(t)
	for _, epoch := range []int64{1, 3, 5} {
		b.loses("fix/1", "fix/2", epoch)
	}
	b.pass(12*time.Second, "B1", "A6 C1 D1")
	b.expect(t, "")
	b.obey(t, plan.CommandFallback, "A", "")
	b.expect(t, "A fix/2>fix/1 fall-back")
}

// An instance that needs leases more than twice as long as the holder runs late: a session does not fall back there until it runs in time.
func TestASessionDoesNotFallBackToAnInstanceThatRunsLate(t *testing.T) {
	b := settled(t)
	b.Taken(key("A"), "fix/2", 2, b.now)
	lease := func(name string, length time.Duration) {
		b.Instances[name].Lease = length
	}
	b.pass(12*time.Second, "B1", "A2 C1 D1")
	lease("fix/1", 3*time.Second)
	lease("fix/2", 1200*time.Millisecond)
	b.expect(t, "")
	lease("fix/2", 2*time.Second) // both run late
	b.expect(t, "A fix/2>fix/1 fall-back")
}

func find(entries []plan.Entry, what string) (found []plan.Entry) {
	for _, e := range entries {
		if e.What == what {
			found = append(found, e)
		}
	}
	return found
}
