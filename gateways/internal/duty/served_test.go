package duty

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fxcore/lambda/testkit"
)

// instance holds a lease of ALPHA whenever the lease does not rest.
type instance struct {
	mu     sync.Mutex
	serves bool
	failed error
	free   time.Time // when the lease was given back, and rests
	rests  []time.Duration
}

func (i *instance) set(serves bool, failed error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.serves, i.failed = serves, failed
}

func (i *instance) served(string) (bool, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.serves, i.failed
}

// rested returns how long the lease rested each time.
func (i *instance) rested() []time.Duration {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.rests)
}

func (i *instance) held() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	if time.Now().Before(i.free) {
		return nil
	}
	return []string{"ALPHA"}
}

func (i *instance) rest(_ string, length time.Duration) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.rests = append(i.rests, length)
	i.free = time.Now().Add(length)
}

func watch(t *testing.T, i *instance) *served {
	t.Helper()
	s := &served{held: i.held, serves: i.served, rest: i.rest, log: testkit.Log(t)}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { _ = s.run(ctx) }()
	t.Cleanup(func() { cancel(); synctest.Wait() })
	return s
}

func TestALeaseThatIsNotServedIsGivenBackAndRestsLongerEachTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &instance{}
		watch(t, i)
		pass(takeBound - servedLook)
		if len(i.rested()) > 0 {
			t.Errorf("given back before its session could be taken: %v", i.rested())
		}
		pass(5 * time.Minute)
		rests := i.rested()
		for n, seconds := range []int{1, 2, 4, 8, 15, 15} {
			if rests[n] != time.Duration(seconds)*time.Second {
				t.Fatalf("rests %v", rests)
			}
		}
	})
}

func TestASessionThatHasFailedIsGivenBackAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &instance{serves: true}
		watch(t, i)
		pass(10*servedLook + servedLook/2)
		i.set(true, errors.New("its consumer has ended"))
		pass(servedLook)
		if len(i.rested()) != 1 || i.rested()[0] != restFirst {
			t.Errorf("rests %v", i.rested())
		}
	})
}

func TestASessionThatIsServedStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &instance{serves: true}
		s := watch(t, i)
		for range 50 { // it is made anew again and again
			pass(time.Minute)
			i.set(false, nil)
			pass(takeBound / 2)
			i.set(true, nil)
		}
		if len(i.rested()) > 0 {
			t.Errorf("rests %v", i.rested())
		}
		s.giveBack("ALPHA", errNotTaken)
		s.giveBack("ALPHA", errNotTaken)
		pass(provenFor + 10*time.Second)
		s.giveBack("ALPHA", errNotTaken)
		if want := []time.Duration{restFirst, 2 * restFirst, restFirst}; len(i.rested()) != 3 || i.rested()[2] != want[2] || i.rested()[1] != want[1] {
			t.Errorf("rests %v, want %v", i.rested(), want)
		}
	})
}
