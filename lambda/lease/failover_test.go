package lease

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"pgregory.net/rapid"

	"fxcore/lambda/testkit"
)

func TestAnotherTakesOverFromAHolderThatIsCutOff(t *testing.T) {
	t.Parallel()
	for name, breaks := range map[string]func(*program){
		"connection cut":  func(p *program) { p.proxy.Cut() },
		"connection hung": func(p *program) { p.wire.hang() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := fenced(t, "a")
			first := launch(t, db, "first", usual)
			first.keeper.Want("a")
			before := first.holds(t, "a")
			second := launch(t, db, "second", usual)
			second.keeper.Want("a")
			breaks(first)
			after := second.holds(t, "a")
			if _, held := first.keeper.Held("a"); held || after <= before { // more than one later if a busy machine had let it lapse before
				t.Errorf("the first holds it: %v; epochs %d, %d", held, before, after)
			}
			testkit.Eventually(t, "the fence to stop the first's writer", 30*time.Second, func() error {
				if first.refused.Load() == 0 {
					return errors.New("it writes")
				}
				return nil
			})
			checkWritten(t, db)
		})
	}
}

func TestAGivenLeaseIsTakenLongBeforeItWouldExpire(t *testing.T) {
	t.Parallel()
	db := fenced(t, "a")
	hour := Config{Length: time.Hour, Renew: time.Minute, Poll: 100 * time.Millisecond}
	first, second := launch(t, db, "first", hour), launch(t, db, "second", hour)
	first.keeper.Want("a")
	first.holds(t, "a")
	second.keeper.Want("a")
	if err := first.keeper.Give(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if epoch := second.holds(t, "a"); epoch != 2 {
		t.Errorf("epoch is %d", epoch)
	}

	first.keeper.Want("a")
	second.stop() // gives everything, and so does a name that is no longer wanted
	if epoch := first.holds(t, "a"); epoch != 3 {
		t.Errorf("epoch is %d", epoch)
	}
	checkWritten(t, db)
}

// A program that was killed and starts again is another holder: it waits for the expiry like any other program.
func TestARestartedProgramIsAnotherHolder(t *testing.T) {
	t.Parallel()
	db := fenced(t, "a")
	killed := launch(t, db, "only", usual)
	killed.keeper.Want("a")
	before := killed.holds(t, "a")
	killed.proxy.Cut() // and it says goodbye to nobody
	again := launch(t, db, "only", usual)
	again.keeper.Want("a")
	if epoch := again.holds(t, "a"); epoch <= before || again.holder == killed.holder {
		t.Errorf("epoch %d, holder %s", epoch, again.holder)
	}
}

func TestADatabaseThatIsAwayAtTheStartIsWaitedFor(t *testing.T) {
	t.Parallel()
	db := fenced(t, "a")
	p := launch(t, db, "only", usual)
	p.proxy.Cut()
	p.keeper.Want("a")
	testkit.Eventually(t, "the fault to show", 30*time.Second, func() error {
		if p.keeper.Ready(t.Context()) == nil {
			return errors.New("ready without a database")
		}
		return nil
	})
	if _, held := p.keeper.Held("a"); held {
		t.Error("held without a database")
	}
	p.proxy.Heal()
	p.holds(t, "a")
	if err := p.keeper.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

// Programs are cut off, hang, change what they want, give and restart in any order. No two of them ever hold a name together,
// and the writes that pass the fence come from one holder after the other. The test does not judge how soon a program holds,
// only that one does in the end; for that, one take must be answered within a third of a second.
func TestWhateverHappensOneHoldsAndTheFenceStands(t *testing.T) {
	t.Parallel()
	quick := Config{Length: 480 * time.Millisecond, Renew: 96 * time.Millisecond, Poll: 20 * time.Millisecond}
	actions := []string{"cut", "heal", "hang", "resume", "want", "want", "give", "restart"}
	steps := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
		return step{
			action: rapid.SampledFrom(actions).Draw(t, "action"), program: rapid.IntRange(0, 2).Draw(t, "program"),
			name: rapid.SampledFrom(modelNames).Draw(t, "name"), then: time.Duration(rapid.IntRange(0, 400).Draw(t, "ms")) * time.Millisecond,
		}
	}), 30, 30)
	for seed := range 3 { // it happens in real time: a few runs each time, other ones by -count
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			play(t, quick, steps.Example(int(time.Now().UnixNano())+seed))
		})
	}
}

type step struct {
	action  string
	program int
	name    string
	then    time.Duration // what passes until the next
}

func play(t *testing.T, cfg Config, steps []step) {
	t.Helper()
	t.Logf("steps: %+v", steps)
	db := fenced(t, modelNames...)
	programs := make([]*program, 3)
	for i := range programs {
		programs[i] = launch(t, db, fmt.Sprint("replica-", i), cfg)
		programs[i].keeper.Want(modelNames...)
	}
	for _, s := range steps {
		s.play(t, programs, cfg)
		for wait := time.After(s.then); wait != nil; {
			checkHolders(t, programs)
			select {
			case <-wait:
				wait = nil
			case <-time.After(time.Millisecond):
			}
		}
	}
	for _, p := range programs {
		p.proxy.Heal()
		p.wire.resume()
		p.keeper.Want(modelNames...)
	}
	testkit.Eventually(t, "every name to have a holder", 2*time.Minute, func() error {
		for _, name := range modelNames {
			if !anyHolds(programs, name) {
				return errors.New(name + " has none")
			}
		}
		return nil
	})
	checkWritten(t, db)
}

func (s step) play(t *testing.T, programs []*program, cfg Config) {
	p := programs[s.program]
	switch s.action {
	case "cut":
		p.proxy.Cut()
	case "heal":
		p.proxy.Heal()
	case "hang":
		p.wire.hang()
	case "resume":
		p.wire.resume()
	case "want":
		p.keeper.Want(modelNames...)
	case "give":
		go func() { _ = p.keeper.Give(p.ends, s.name) }() // it may take as long as the wire hangs
	case "restart": // of one that was killed: it is cut off before it could give anything; its writers go on
		p.wire.resume()
		p.proxy.Cut()
		p.halt()
		programs[s.program] = launch(t, p.db, fmt.Sprint("replica-", s.program), cfg)
		programs[s.program].keeper.Want(modelNames...)
	}
}

// checkHolders looks at one, at another, and at the first again: if it held with one epoch both times, it held when the
// other was looked at, because belief does not come back.
func checkHolders(t *testing.T, programs []*program) {
	t.Helper()
	for _, name := range modelNames {
		for i, one := range programs {
			for _, other := range programs[i+1:] {
				epoch, first := one.keeper.Held(name)
				_, both := other.keeper.Held(name)
				if again, still := one.keeper.Held(name); first && both && still && again == epoch {
					t.Errorf("%s and %s hold %s", one.holder, other.holder, name)
				}
			}
		}
	}
}

func anyHolds(programs []*program, name string) bool {
	for _, p := range programs {
		if _, held := p.keeper.Held(name); held {
			return true
		}
	}
	return false
}

// checkWritten reads the writes that passed the fence, in their order. Epochs never fall, and each belongs to one holder.
func checkWritten(t *testing.T, db *pgxpool.Pool) {
	t.Helper()
	var writes, falls, shared int
	err := db.QueryRow(t.Context(), `
		select count(*), count(*) filter (where epoch < before), count(*) filter (where epoch = before and holder <> writer)
		from (select *, lag(epoch) over w as before, lag(holder) over w as writer from written window w as (partition by name order by id)) as one`,
	).Scan(&writes, &falls, &shared)
	if err != nil || writes == 0 || falls > 0 || shared > 0 {
		t.Errorf("%d writes, epoch fell %d times, was shared %d times (%v)", writes, falls, shared, err)
	}
}
