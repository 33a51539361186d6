package plan_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fxcore/services/failover/internal/plan"
)

var (
	noon  = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	rules = plan.Rules{Alive: 5 * time.Second, Steady: 10 * time.Second, AtOnce: 2, Bound: 10 * time.Second, Attempts: 3, Pause: 5 * time.Second}
)

// bench is a state under test with its clock.
type bench struct {
	*plan.State
	now      time.Time
	sequence int64
	moves    int
}

func newBench() *bench { return &bench{State: plan.NewState(), now: noon} }

// report is one of an instance that serves A, B, C and D and holds some of them, with epochs: "A1 C3".
func (b *bench) report(name, holds string) { b.reportAs(name, holds, true, noon) }

func (b *bench) reportAs(name, holds string, ready bool, started time.Time) {
	b.sequence++
	r := plan.Instance{Name: name, Gateway: "fix", Started: started, Sequence: b.sequence, ReportedAt: b.now, Ready: ready, Reason: "broker away"}
	for _, p := range []string{"A", "B", "C", "D"} {
		s := plan.Session{Provider: p}
		for _, held := range strings.Fields(holds) {
			if held[:1] == p {
				s.Held, s.Epoch = true, int64(held[1]-'0')
			}
		}
		r.Sessions = append(r.Sessions, s)
	}
	b.Report(r, rules)
}

// steady has two instances report until both are steady.
func (b *bench) steady(one, two string) {
	for range 12 {
		b.report("fix/1", one)
		b.report("fix/2", two)
		b.now = b.now.Add(time.Second)
	}
}

// next is what is requested now, as "A fix/1>fix/2 drain".
func (b *bench) next() string {
	var all []string
	for _, m := range b.Next(b.now, rules, b.id) {
		all = append(all, fmt.Sprintf("%s %s>%s %s", m.Key.Provider, m.From, m.To, m.Reason))
	}
	return strings.Join(all, ", ")
}

func (b *bench) id(k plan.Key) string {
	b.moves++
	return fmt.Sprint(k.Provider, b.moves)
}

func (b *bench) expect(t *testing.T, want string) {
	t.Helper()
	if got := b.next(); got != want {
		t.Errorf("requests %q, want %q", got, want)
	}
}

func (b *bench) obey(t *testing.T, name, provider, instance string) {
	t.Helper()
	if err := b.Obey(plan.Command{Name: name, Provider: provider, Instance: instance, By: "anna", Why: "test"}, b.now, rules); err != nil {
		t.Fatal(err)
	}
}

func key(provider string) plan.Key { return plan.Key{Gateway: "fix", Provider: provider} }

// settled has A and B at home with fix/1, C and D with fix/2.
func settled(t *testing.T) *bench {
	t.Helper()
	b := newBench()
	b.steady("A1 B1", "C1 D1")
	b.expect(t, "")
	for p, want := range map[string]string{"A": "fix/1", "B": "fix/1", "C": "fix/2", "D": "fix/2"} {
		if got := b.Homes[key(p)].Instance; got != want {
			t.Fatalf("home of %s is %s", p, got)
		}
	}
	return b
}

func TestHomesSpreadAndSessionsFollow(t *testing.T) {
	b := newBench()
	b.report("fix/1", "A1 B1 C1 D1")
	b.expect(t, "")
	b.steady("A1 B1 C1 D1", "")
	b.expect(t, "C fix/1>fix/2 fall-back, D fix/1>fix/2 fall-back")
	b.Taken(key("C"), "fix/2", 2, b.now)
	b.Taken(key("D"), "fix/2", 2, b.now)
	b.expect(t, "")
}

func TestTheFirstOfManyDoesNotGetAllHomes(t *testing.T) {
	b := newBench()
	for range 12 {
		b.report("fix/1", "A1 B1 C1 D1")
		b.now = b.now.Add(time.Second)
	}
	b.report("fix/2", "") // it has just come
	b.expect(t, "")
	for k, h := range b.Homes {
		if h.Instance != "" {
			t.Errorf("%v has a home before the second is steady", k)
		}
	}
}

func TestASessionFallsBackOnceItsHomeHasBeenReadyForAWhile(t *testing.T) {
	b := settled(t)
	b.report("fix/2", "A2 B2 C1 D1") // fix/1 has died
	b.now = b.now.Add(time.Minute)
	born := b.now
	for second := range 20 {
		b.reportAs("fix/1", "", second != 3, born) // and is back; not ready once
		b.report("fix/2", "A2 B2 C1 D1")
		want := ""
		if second == 14 {
			want = "A fix/2>fix/1 fall-back, B fix/2>fix/1 fall-back"
		}
		b.expect(t, want)
		b.now = b.now.Add(time.Second)
	}
}

// By the reports an instance lives on for a while after it was killed; what others have taken from it tells.
func TestNothingFallsBackToWhoWasJustKilled(t *testing.T) {
	b := settled(t)
	b.Taken(key("A"), "fix/2", 2, b.now) // by its lease: fix/1 is dead
	b.report("fix/2", "A2 B2 C1 D1")
	b.expect(t, "")
	b.now = b.now.Add(3 * time.Second)
	b.report("fix/2", "A2 B2 C1 D1")
	b.obey(t, plan.CommandDrain, "", "fix/2")
	b.expect(t, "")
}

func TestInManualModeNothingFallsBackByItself(t *testing.T) {
	b := settled(t)
	b.obey(t, plan.CommandManual, "", "")
	b.steady("", "A2 B2 C1 D1")
	b.expect(t, "")
	b.obey(t, plan.CommandFallback, "A", "")
	b.expect(t, "A fix/2>fix/1 fall-back")
	b.Taken(key("A"), "fix/1", 3, b.now)
	b.steady("A3", "B2 C1 D1")
	b.expect(t, "")
	if b.Homes[key("A")].Return {
		t.Error("the command is still open")
	}
	b.obey(t, plan.CommandAutomatic, "", "")
	b.expect(t, "B fix/2>fix/1 fall-back")
}

func TestADrainedInstanceGivesAllAwayAndGetsNothing(t *testing.T) {
	b := settled(t)
	b.obey(t, plan.CommandDrain, "", "fix/1")
	b.expect(t, "A fix/1>fix/2 drain, B fix/1>fix/2 drain")
	b.steady("", "A2 B2 C1 D1")
	b.expect(t, "")
	if err := b.Obey(plan.Command{Name: plan.CommandMove, Provider: "A", Instance: "fix/1"}, b.now, rules); err == nil {
		t.Error("a move to an instance that drains was accepted")
	}
	b.obey(t, plan.CommandUndrain, "", "fix/1")
	b.expect(t, "A fix/2>fix/1 fall-back, B fix/2>fix/1 fall-back")
}

func TestWithNowhereToGoADrainWaits(t *testing.T) {
	b := settled(t)
	b.reportAs("fix/2", "C1 D1", false, noon)
	b.obey(t, plan.CommandDrain, "", "fix/1")
	b.expect(t, "")
	b.report("fix/2", "C1 D1")
	b.expect(t, "A fix/1>fix/2 drain, B fix/1>fix/2 drain")
}

func TestACommandedMoveStaysUntilItsPlaceIsAway(t *testing.T) {
	b := settled(t)
	b.obey(t, plan.CommandMove, "A", "fix/2")
	b.expect(t, "A fix/1>fix/2 command")
	b.Taken(key("A"), "fix/2", 2, b.now)
	b.steady("B1", "A2 C1 D1")
	b.expect(t, "")
	b.obey(t, plan.CommandFallback, "", "")
	b.expect(t, "A fix/2>fix/1 fall-back")
}

// It was killed, and is back before anybody took it for dead.
func TestACommandedMoveEndsWhenItsPlaceStartsAnew(t *testing.T) {
	b := settled(t)
	b.obey(t, plan.CommandMove, "A", "fix/2")
	b.expect(t, "A fix/1>fix/2 command")
	b.Taken(key("A"), "fix/2", 2, b.now)
	b.report("fix/2", "A2 C1 D1")
	b.expect(t, "")
	b.report("fix/1", "A3 B1")
	b.reportAs("fix/2", "C1 D1", true, noon.Add(time.Minute))
	b.expect(t, "")
	if stay := b.Homes[key("A")].Stay; stay != "" {
		t.Errorf("it is still to be at %s", stay)
	}
}

func TestAnotherHomeMovesTheSession(t *testing.T) {
	b := settled(t)
	b.obey(t, plan.CommandHome, "A", "fix/2")
	b.expect(t, "A fix/1>fix/2 fall-back")
}

func TestSpreadMakesHomesEven(t *testing.T) {
	b := settled(t)
	b.obey(t, plan.CommandHome, "A", "fix/2")
	b.obey(t, plan.CommandHome, "B", "fix/2")
	b.obey(t, plan.CommandSpread, "", "")
	if got := b.next(); strings.Count(got, ">") != 0 {
		// whichever two are fix/1's now, at most those two move
		if strings.Count(got, ">") > 2 {
			t.Errorf("requests %q", got)
		}
	}
	count := map[string]int{}
	for _, h := range b.Homes {
		count[h.Instance]++
	}
	if count["fix/1"] != 2 || count["fix/2"] != 2 {
		t.Errorf("homes %v", count)
	}
}

func TestAMoveThatDoesNotHappenIsTriedABoundedNumberOfTimes(t *testing.T) {
	b := settled(t)
	b.obey(t, plan.CommandDrain, "", "fix/1")
	tries := 0
	for range 120 {
		b.report("fix/1", "A1")
		b.report("fix/2", "B2 C1 D1")
		if b.next() != "" {
			tries++
		}
		b.now = b.now.Add(time.Second)
	}
	m := b.Moves[key("A")]
	if tries != rules.Attempts || m.State != plan.Failed || m.Attempt != rules.Attempts {
		t.Fatalf("%d tries, last %+v", tries, m)
	}
	failed := 0
	for _, e := range b.Told {
		if e.What == "move failed" && strings.Contains(e.Text, "not taken in time") {
			failed++
		}
	}
	if failed != rules.Attempts {
		t.Errorf("the history tells of %d failures", failed)
	}
	b.reportAs("fix/2", "B2 C1 D1", true, b.now) // its target is started anew
	b.expect(t, "A fix/1>fix/2 drain")
}

func TestWhatIsTakenByAnotherHasFailedUntilItTurnsOutDone(t *testing.T) {
	b := settled(t)
	b.obey(t, plan.CommandMove, "A", "fix/2")
	b.next()
	m := b.Moves[key("A")]
	b.Taken(key("A"), "fix/1", 2, b.now)
	if m.State != plan.Failed || m.Why != "taken by fix/1" {
		t.Errorf("%+v", m)
	}
	b.Taken(key("A"), "fix/2", 3, b.now)
	b.Left(key("A"), "fix/1", 1, b.now.Add(-100*time.Millisecond), "lease given")
	if m.State != plan.Done || m.Away() != 100*time.Millisecond {
		t.Errorf("%+v", m)
	}
}

func TestAMoveTellsHowLongTheProviderWasAway(t *testing.T) {
	b := settled(t)
	b.obey(t, plan.CommandMove, "A", "fix/2")
	b.next()
	b.Left(key("A"), "fix/1", 1, b.now, "lease given")
	b.Taken(key("A"), "fix/2", 2, b.now.Add(40*time.Millisecond))
	b.Report(plan.Instance{
		Name: "fix/2", Gateway: "fix", Started: noon, Sequence: 1000, ReportedAt: b.now.Add(time.Second), Ready: true,
		Sessions: []plan.Session{{Provider: "A", Held: true, Epoch: 2, LoggedOn: true, Since: b.now.Add(70 * time.Millisecond)}},
	}, rules)
	b.now = b.now.Add(time.Second)
	b.next()
	if m := b.Moves[key("A")]; m.Away() != 70*time.Millisecond {
		t.Errorf("away for %s: %+v", m.Away(), m)
	}
}

// The reports of instances come in another queue than what they say of their sessions.
func TestAReportThatIsReadFirstDoesNotMakeAMoveLonger(t *testing.T) {
	b := settled(t)
	b.obey(t, plan.CommandMove, "A", "fix/2")
	b.next()
	requested := b.now
	b.Left(key("A"), "fix/1", 1, requested, "lease given")
	b.now = b.now.Add(time.Second)
	b.report("fix/2", "A2")
	b.next()
	m := b.Moves[key("A")]
	if m.State != plan.Done || m.Away() != time.Second {
		t.Fatalf("away for %s: %+v", m.Away(), m)
	}
	b.Taken(key("A"), "fix/2", 2, requested.Add(40*time.Millisecond))
	if m.Away() != 40*time.Millisecond {
		t.Errorf("away for %s: %+v", m.Away(), m)
	}
	b.Taken(key("A"), "fix/2", 1, requested.Add(-time.Hour)) // of an earlier tenure, and late
	if m.Away() != 40*time.Millisecond {
		t.Errorf("away for %s: %+v", m.Away(), m)
	}
}

func TestRefusalsSayWhatThereIs(t *testing.T) {
	b := settled(t)
	b.reportAs("fix/1", "A1 B1", false, noon)
	b.now = b.now.Add(3 * time.Second)
	b.report("fix/3", "")
	for command, says := range map[plan.Command]string{
		{Name: "move", Provider: "Z", Instance: "fix/1"}: "no living gateway serves provider \"Z\": they serve A, B, C, D",
		{Name: "move", Provider: "A", Instance: "fix/9"}: "no instance \"fix/9\": there are fix/1, fix/2, fix/3",
		{Name: "move", Provider: "A", Instance: "fix/1"}: "fix/1 is not ready: broker away",
		{Name: "drain", Instance: "fix/9"}:               "no instance \"fix/9\"",
		{Name: "home", Provider: "A", Instance: "fix/9"}: "no instance \"fix/9\"",
		{Name: "fallback", Provider: "Z"}:                "no living gateway serves provider \"Z\"",
		{Name: "dance"}:                                  "there is no command \"dance\"",
	} {
		var refusal *plan.Refusal
		if err := b.Obey(command, b.now, rules); !errors.As(err, &refusal) || !strings.HasPrefix(refusal.Text, says) {
			t.Errorf("%+v: %v", command, err)
		}
	}
	b.now = b.now.Add(10 * time.Second)
	b.report("fix/2", "A2 B2 C1 D1")
	if err := b.Obey(plan.Command{Name: "move", Provider: "A", Instance: "fix/1"}, b.now, rules); err == nil || !strings.HasPrefix(err.Error(), "fix/1 is not alive") {
		t.Error(err)
	}
	empty := plan.NewState()
	for _, c := range []plan.Command{{Name: "move", Provider: "A"}, {Name: "drain", Instance: "fix/1"}} {
		if err := empty.Obey(c, noon, rules); err == nil || !strings.Contains(err.Error(), "no gateway reports") {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
