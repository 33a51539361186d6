package plan_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"fxcore/services/failover/internal/plan"
)

// fleet is instances as they really are: they hold sessions by leases, die and come back, and follow what the plan
// requests, or not.
type fleet struct {
	state     *plan.State
	now       time.Time
	instances []*instance
	holders   map[string]*instance
	epochs    map[string]int64
	requested []*plan.Move
	count     int
	moved     int
}

type instance struct {
	name      string
	up, ready bool
	started   time.Time
	sequence  int64
}

func newFleet(t *rapid.T) *fleet {
	f := &fleet{state: plan.NewState(), now: noon, holders: map[string]*instance{}, epochs: map[string]int64{}}
	for i := range rapid.IntRange(1, 4).Draw(t, "instances") {
		f.instances = append(f.instances, &instance{name: fmt.Sprintf("fix/%d", i+1), up: true, ready: true, started: noon})
	}
	for i := range rapid.IntRange(1, 9).Draw(t, "providers") {
		f.epochs[fmt.Sprintf("P%d", i)] = 0
	}
	return f
}

// second lets a second pass: leases are taken, everybody who lives reports, the plan goes on, and what it requested
// happens if obedient.
func (f *fleet) second(t *rapid.T, obedient bool) {
	f.now = f.now.Add(time.Second)
	f.takeover(t)
	for _, i := range f.instances {
		if i.up {
			i.sequence++
			f.state.Report(f.report(i), rules)
		}
	}
	f.plan(t)
	if obedient {
		for _, m := range f.requested {
			f.follow(m)
		}
	}
	f.requested = nil
}

func (f *fleet) takeover(t *rapid.T) {
	var alive []*instance
	for _, i := range f.instances {
		if i.up {
			alive = append(alive, i)
		}
	}
	for _, p := range f.providers() {
		if h := f.holders[p]; (h == nil || !h.up) && len(alive) > 0 {
			f.hold(p, rapid.SampledFrom(alive).Draw(t, "who comes first"))
		}
	}
}

func (f *fleet) hold(p string, i *instance) {
	f.holders[p] = i
	f.epochs[p]++
	f.state.Taken(key(p), i.name, f.epochs[p], f.now)
}

func (f *fleet) follow(m *plan.Move) {
	p := m.Key.Provider
	for _, i := range f.instances {
		if i.name == m.To && i.up && f.epochs[p] == m.Epoch && f.holders[p].up {
			f.hold(p, i)
		}
	}
}

func (f *fleet) providers() (all []string) {
	for p := range f.epochs {
		all = append(all, p)
	}
	slices.Sort(all)
	return all
}

func (f *fleet) report(i *instance) plan.Instance {
	r := plan.Instance{Name: i.name, Gateway: "fix", Started: i.started, Sequence: i.sequence, ReportedAt: f.now, Ready: i.ready}
	for _, p := range f.providers() {
		s := plan.Session{Provider: p}
		if f.holders[p] == i {
			s.Held, s.Epoch = true, f.epochs[p]
		}
		r.Sessions = append(r.Sessions, s)
	}
	return r
}

// plan takes the next step and checks what it requests.
func (f *fleet) plan(t *rapid.T) {
	requested := f.state.Next(f.now, rules, func(plan.Key) string { f.count++; return fmt.Sprint(f.count) })
	f.moved += len(requested)
	for _, m := range requested {
		to := f.state.Instances[m.To]
		if to.Draining || !to.Ready || f.now.Sub(to.ReportedAt) > rules.Alive {
			t.Fatalf("%+v goes to %+v", m, to)
		}
		if m.From == m.To {
			t.Fatalf("%+v goes nowhere", m)
		}
	}
	open := 0
	for _, m := range f.state.Moves {
		if m.State == plan.Requested {
			open++
		}
	}
	if open > rules.AtOnce {
		t.Fatalf("%d moves at once", open)
	}
	f.requested = append(f.requested, requested...)
	if again := f.state.Next(f.now, rules, func(plan.Key) string { return "again" }); len(again) > 0 && open >= rules.AtOnce {
		t.Fatalf("asked again: %+v", again)
	}
}

func (f *fleet) disturb(t *rapid.T) {
	i := rapid.SampledFrom(f.instances).Draw(t, "instance")
	p := rapid.SampledFrom(f.providers()).Draw(t, "provider")
	command := plan.Command{Provider: p, Instance: i.name}
	switch what := rapid.SampledFrom([]string{"kill", "start", "unready", "ready", "drain", "undrain", "move", "home", "fallback", "spread"}).Draw(t, "what"); what {
	case "kill":
		i.up = false
	case "start":
		if !i.up {
			i.up, i.ready, i.started, i.sequence = true, true, f.now, 0
		}
	case "unready", "ready":
		i.ready = what == "ready"
	default:
		command.Name = what
		_ = f.state.Obey(command, f.now, rules)
	}
}

// calm has everybody up, ready and undrained, nobody elsewhere by command, and homes spread over who is there.
func (f *fleet) calm(t *rapid.T) {
	for _, i := range f.instances {
		if !i.up {
			i.up, i.started, i.sequence = true, f.now, 0
		}
		i.ready = true
		if f.state.Instances[i.name] != nil {
			if err := f.state.Obey(plan.Command{Name: plan.CommandUndrain, Instance: i.name}, f.now, rules); err != nil {
				t.Fatal(err)
			}
		}
	}
	f.second(t, true)
	if err := f.state.Obey(plan.Command{Name: plan.CommandFallback}, f.now, rules); err != nil {
		t.Fatal(err)
	}
}

// Whatever has happened: once nothing more does, every session comes home, after a bounded time, and stays there.
func TestThePlanConvergesAndThenRests(t *testing.T) {
	moved := 0
	rapid.Check(t, func(t *rapid.T) {
		f := newFleet(t)
		for range rapid.IntRange(0, 60).Draw(t, "seconds") {
			if rapid.IntRange(0, 3).Draw(t, "disturbed") == 0 {
				f.disturb(t)
			}
			f.second(t, rapid.IntRange(0, 4).Draw(t, "obedient") > 0)
		}
		f.calm(t)
		for range 60 {
			f.second(t, true)
		}
		for _, p := range f.providers() {
			if home := f.state.Homes[key(p)]; home == nil || f.holders[p].name != home.Instance {
				t.Fatalf("%s is at %s, its home is %+v, last move %+v", p, f.holders[p].name, home, f.state.Moves[key(p)])
			}
		}
		before := f.moved
		for range 30 {
			f.second(t, true)
		}
		if f.moved > before {
			t.Fatalf("%d moves at rest", f.moved-before)
		}
		moved += f.moved
	})
	if moved == 0 {
		t.Error("nothing ever moved: the property has shown nothing")
	}
}

// Homes chosen at a start, or by a spread, differ by one at most.
func TestTheSpreadIsEven(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := newFleet(t)
		for range 15 {
			f.second(t, true)
		}
		f.even(t)
		for range rapid.IntRange(0, 6).Draw(t, "other homes") {
			to := rapid.SampledFrom(f.instances).Draw(t, "to").name
			p := rapid.SampledFrom(f.providers()).Draw(t, "provider")
			if err := f.state.Obey(plan.Command{Name: plan.CommandHome, Provider: p, Instance: to}, f.now, rules); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.state.Obey(plan.Command{Name: plan.CommandSpread}, f.now, rules); err != nil {
			t.Fatal(err)
		}
		f.even(t)
	})
}

func (f *fleet) even(t *rapid.T) {
	count := map[string]int{}
	for _, i := range f.instances {
		count[i.name] = 0
	}
	for _, h := range f.state.Homes {
		count[h.Instance]++
	}
	fewest, most := len(f.epochs), 0
	for _, n := range count {
		fewest, most = min(fewest, n), max(most, n)
	}
	if most-fewest > 1 || len(f.state.Homes) != len(f.epochs) {
		t.Fatalf("homes %v of %d providers", count, len(f.epochs))
	}
}

// What became of a move does not depend on the order in which one hears of it, nor on how often.
func TestAnyOrderAndRepetitionOfFactsEndsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.SliceOfN(rapid.Custom(drawFact), 1, 8).Draw(t, "facts")
		one, other := atWork(), atWork()
		for _, f := range facts {
			f(one)
		}
		for _, f := range shuffled(t, facts) {
			f(other)
		}
		for _, f := range shuffled(t, facts)[:rapid.IntRange(0, len(facts)).Draw(t, "repeated")] {
			f(other)
		}
		outcome := func(s *plan.State) plan.MoveState { return s.Moves[key("A")].State }
		if outcome(one) != outcome(other) {
			t.Fatalf("%s or %s", outcome(one), outcome(other))
		}
		if diff := cmp.Diff(one.Instances, other.Instances, cmpopts.IgnoreFields(plan.Instance{}, "ReadySince")); diff != "" {
			t.Fatal(diff)
		}
	})
}

func shuffled(t *rapid.T, facts []func(*plan.State)) []func(*plan.State) {
	return rapid.Permutation(facts).Draw(t, "order")
}

// atWork has a move of A from fix/1 to fix/2 under way.
func atWork() *plan.State {
	b := newBench()
	b.steady("A1 B1", "C1 D1")
	_ = b.Obey(plan.Command{Name: plan.CommandMove, Provider: "A", Instance: "fix/2"}, b.now, rules)
	b.next()
	return b.State
}

func drawFact(t *rapid.T) func(*plan.State) {
	who := rapid.SampledFrom([]string{"fix/1", "fix/2", "fix/3"}).Draw(t, "who")
	epoch := rapid.Int64Range(1, 4).Draw(t, "epoch")
	at := noon.Add(time.Duration(epoch) * time.Minute)
	switch rapid.SampledFrom([]string{"taken", "left", "report"}).Draw(t, "fact") {
	case "taken":
		return func(s *plan.State) { s.Taken(key("A"), who, epoch, at) }
	case "left":
		return func(s *plan.State) { s.Left(key("A"), who, epoch, at, "lease given") }
	}
	sequence := 1000 + epoch
	return func(s *plan.State) {
		s.Report(plan.Instance{Name: who, Gateway: "fix", Started: noon, Sequence: sequence, ReportedAt: at, Ready: true}, rules)
	}
}
