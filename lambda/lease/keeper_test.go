package lease

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fxcore/lambda/testkit"
)

var usual = Config{Length: 1200 * time.Millisecond, Renew: 240 * time.Millisecond, Poll: 100 * time.Millisecond}

// Time stands still in these tests unless every goroutine waits for it.

func TestAHangingDatabaseDoesNotHoldUpTheWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rows, tenant := newMemory(), newRecorder()
		k := keeper(t, rows, tenant)
		sent := time.Now() // the take is sent in the instant in which it is wanted, the first renewal is 240 ms away
		k.Want("a", "b")
		tenant.await(t, "gained a 1", "gained b 1")
		rows.hang(true)
		defer rows.run()
		tenant.await(t, "lost a", "lost b")
		for _, event := range []string{"lost a", "lost b"} {
			if passed := tenant.when(event).Sub(sent); passed != 800*time.Millisecond {
				t.Errorf("%s after %s, want two thirds of the lease", event, passed)
			}
		}
		if _, held := k.Held("a"); held || !errors.Is(tenant.cause("a"), ErrLapsed) {
			t.Errorf("held: %v, cause: %v", held, tenant.cause("a"))
		}
	})
}

func TestATenantThatDoesNotEndDelaysNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rows, tenant := newMemory(), newRecorder()
		k := keeper(t, rows, tenant)
		k.Want("a", "b")
		tenant.await(t, "gained a 1", "gained b 1")
		rows.change("a", "b")
		tenant.stall("a")
		tenant.await(t, "lost b")
		if _, held := k.Held("a"); held || tenant.has("lost a") {
			t.Errorf("a is held: %v; %v", held, tenant.all())
		}
		tenant.await(t, "gained b 3") // when the other's lease has expired
		tenant.proceed("a")
		tenant.await(t, "lost a", "gained a 3")
	})
}

func TestARefusedRenewalEndsTheTenure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rows, tenant := newMemory(), newRecorder()
		k := keeper(t, rows, tenant)
		k.Want("a")
		tenant.await(t, "gained a 1")
		rows.change("a")
		before := time.Now()
		tenant.await(t, "lost a")
		passed := tenant.when("lost a").Sub(before)
		if passed > usual.Renew || !errors.Is(tenant.cause("a"), ErrRefused) {
			t.Errorf("lost after %s: %v", passed, tenant.cause("a"))
		}
	})
}

func TestGiveReturnsWhenTheTenantHasEndedAndTheRowIsFree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rows, tenant := newMemory(), newRecorder()
		k := keeper(t, rows, tenant)
		k.Want("a")
		tenant.await(t, "gained a 1")
		tenant.stall("a")
		given := make(chan error, 1)
		go func() { given <- k.Give(t.Context(), "a") }()
		pass(2 * usual.Length) // the tenant takes longer than the lease
		if len(given) > 0 || !rows.held("a") {
			t.Errorf("given before its tenant has ended, or not renewed meanwhile")
		}
		tenant.proceed("a")
		if err := <-given; err != nil || rows.held("a") || !errors.Is(tenant.cause("a"), ErrGiven) {
			t.Errorf("%v; row held: %v; cause %v", err, rows.held("a"), tenant.cause("a"))
		}
		pass(usual.Length)
		if tenant.has("gained a 2") {
			t.Error("took again what it gave")
		}
		if err := k.Give(t.Context(), "a"); err != nil {
			t.Errorf("what is not held is given at once: %v", err)
		}
	})
}

// Whoever waits for a lease looks again when it expires, and not only with the next poll.
func TestAnExpiredLeaseIsTakenAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for late := range 10 {
			rows, tenant := newMemory(), newRecorder()
			rows.change("a") // another one holds it, and has died
			free := time.Now().Add(usual.Length)
			pass(time.Duration(7*late) * time.Millisecond) // polls come at other times each time
			k := keeper(t, rows, tenant)
			k.Want("a")
			tenant.await(t, "gained a 2")
			if passed := tenant.when("gained a 2").Sub(free); passed > 2*time.Millisecond {
				t.Errorf("taken %s after it was free", passed)
			}
			k.Want()
			tenant.await(t, "lost a")
		}
	})
}

// A tenant that cannot serve what it holds gives it away for a while. If nobody else takes it, it is tried again.
func TestWhatRestsIsGivenAndTakenAgainLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rows, tenant := newMemory(), newRecorder()
		k := keeper(t, rows, tenant)
		k.Want("a")
		tenant.await(t, "gained a 1")
		k.Rest("b", time.Hour) // is not held
		k.Rest("a", time.Minute)
		tenant.await(t, "lost a")
		pass(50 * time.Second)
		if rows.held("a") || tenant.has("gained a 2") || !errors.Is(tenant.cause("a"), ErrGiven) {
			t.Errorf("row held: %v; cause %v; %v", rows.held("a"), tenant.cause("a"), tenant.all())
		}
		tenant.await(t, "gained a 2")
	})
}

// The holder heeds a wish with the next renewal, in good order. It still wants the name, and has it again if the wished replica
// does not take it.
func TestWhatIsWishedForAnotherIsGivenAndWantedStill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rows, tenant := newMemory(), newRecorder()
		k := keeper(t, rows, tenant)
		k.Want("a", "b")
		tenant.await(t, "gained a 1", "gained b 1")
		tenant.stall("a")
		before := time.Now()
		rows.wish("a")
		pass(2 * usual.Length) // the tenant takes longer than the lease
		if _, held := k.Held("a"); held || tenant.has("lost a") || !rows.held("a") {
			t.Errorf("held: %v, renewed until the tenant has ended: %v; %v", held, rows.held("a"), tenant.all())
		}
		if !errors.Is(tenant.cause("a"), ErrGiven) || tenant.has("lost b") {
			t.Errorf("cause %v; %v", tenant.cause("a"), tenant.all())
		}
		tenant.proceed("a")
		tenant.await(t, "lost a", "gained a 2")
		if passed := tenant.when("gained a 2").Sub(before) - 2*usual.Length; passed < reserved || passed > reserved+2*usual.Poll {
			t.Errorf("had it again %s after it was free", passed)
		}
	})
}

func TestGiveIsBoundedByItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tenant := newRecorder()
		k := keeper(t, newMemory(), tenant)
		k.Want("a")
		tenant.await(t, "gained a 1")
		tenant.stall("a")
		defer tenant.proceed("a")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := k.Give(ctx, "a"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error: %v", err)
		}
	})
}

func TestWantIsTheWholeSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rows, tenant := newMemory(), newRecorder()
		k := keeper(t, rows, tenant)
		k.Want("a", "b")
		tenant.await(t, "gained a 1", "gained b 1")
		k.Want("b", "c")
		tenant.await(t, "lost a", "gained c 1")
		k.Want("a", "b", "c")
		tenant.await(t, "gained a 2")
		if tenant.has("lost b") {
			t.Error("b was wanted all the time")
		}
	})
}

func TestReadySaysWhyNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rows, tenant := newMemory(), newRecorder()
		k := keeper(t, rows, tenant)
		rows.hang(false)
		k.Want("a")
		pass(time.Second)
		if err := k.Ready(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("ready: %v", err)
		}
		rows.run()
		tenant.await(t, "gained a 1")
		if err := k.Ready(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestConfigNamesWhatIsWrong(t *testing.T) {
	if err := usual.Validate(); err != nil {
		t.Error(err)
	}
	for name, wrong := range map[string]Config{
		"LEASE_LENGTH": {Length: time.Millisecond, Renew: 1, Poll: 1},
		"LEASE_RENEW":  {Length: time.Second, Renew: 334 * time.Millisecond, Poll: 1},
		"LEASE_POLL":   {Length: time.Second, Renew: 200 * time.Millisecond},
	} {
		if err := wrong.Validate(); err == nil || err.Error()[:len(name)] != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// pass lets fake time pass.
func pass(d time.Duration) { <-time.After(d) }

func keeper(t *testing.T, rows rows, tenant Tenant) *Keeper {
	t.Helper()
	return keeperWith(t, rows, usual, tenant)
}

func keeperWith(t *testing.T, rows rows, cfg Config, tenant Tenant) *Keeper {
	t.Helper()
	started := time.Now()
	k := newKeeper(rows, cfg, tenant, testkit.Log(t), func() time.Duration { return time.Since(started) })
	run(t, k)
	return k
}

// run runs the keeper until the test ends and checks that it gives everything.
func run(t *testing.T, k *Keeper) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- k.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if len(k.book.entries) > 0 || len(k.tenures) > 0 {
			t.Errorf("left behind: %v %v", k.book.entries, k.tenures)
		}
	})
	t.Cleanup(stop)
	return stop
}

// recorder is a tenant that records its calls, and when each came last.
type recorder struct {
	mu     sync.Mutex
	events []string
	times  map[string]time.Time // by event
	ctxs   map[string]context.Context
	gates  map[string]chan struct{}
}

func newRecorder() *recorder {
	return &recorder{times: map[string]time.Time{}, ctxs: map[string]context.Context{}, gates: map[string]chan struct{}{}}
}

func (r *recorder) Gained(ctx context.Context, name string, epoch int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ctxs[name] = ctx
	r.write(fmt.Sprintf("gained %s %d", name, epoch))
}

func (r *recorder) Lost(name string) {
	r.mu.Lock()
	gate := r.gates[name]
	r.mu.Unlock()
	if gate != nil {
		<-gate
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.write("lost " + name)
}

func (r *recorder) write(event string) {
	r.events = append(r.events, event)
	r.times[event] = time.Now()
}

func (r *recorder) stall(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.gates[name] = make(chan struct{})
}

func (r *recorder) proceed(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.gates[name])
	delete(r.gates, name)
}

func (r *recorder) cause(name string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return context.Cause(r.ctxs[name])
}

// when returns the instant of an event: a test that awaits it sees it some milliseconds later.
func (r *recorder) when(event string) time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.times[event]
}

func (r *recorder) all() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.events)
}

func (r *recorder) has(event string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Contains(r.events, event)
}

func (r *recorder) await(t *testing.T, events ...string) {
	t.Helper()
	for _, event := range events {
		testkit.Eventually(t, event, 30*time.Second, func() error {
			if !r.has(event) {
				return fmt.Errorf("only %v", r.all())
			}
			return nil
		})
	}
}
