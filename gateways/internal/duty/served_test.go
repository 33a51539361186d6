package duty

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"fxcore/lambda/testkit"
)

// instance holds a lease of ALPHA whenever the lease does not rest.
type instance struct {
	serves bool
	failed error
	free   time.Time // when the lease was given back, and rests
	rests  []time.Duration
}

func (i *instance) held() []string {
	if time.Now().Before(i.free) {
		return nil
	}
	return []string{"ALPHA"}
}

func (i *instance) rest(_ string, length time.Duration) {
	i.rests = append(i.rests, length)
	i.free = time.Now().Add(length)
}

func watch(t *testing.T, i *instance) *served {
	t.Helper()
	s := &served{held: i.held, serves: func(string) (bool, error) { return i.serves, i.failed }, rest: i.rest, log: testkit.Log(t)}
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
		if len(i.rests) > 0 {
			t.Errorf("given back before its session could be taken: %v", i.rests)
		}
		pass(5 * time.Minute)
		for n, seconds := range []int{1, 2, 4, 8, 15, 15} {
			if i.rests[n] != time.Duration(seconds)*time.Second {
				t.Fatalf("rests %v", i.rests)
			}
		}
	})
}

func TestASessionThatHasFailedIsGivenBackAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &instance{serves: true}
		watch(t, i)
		pass(10*servedLook + servedLook/2)
		i.failed = errors.New("its consumer has ended")
		pass(servedLook)
		if len(i.rests) != 1 || i.rests[0] != restFirst {
			t.Errorf("rests %v", i.rests)
		}
	})
}

func TestASessionThatIsServedStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &instance{serves: true}
		s := watch(t, i)
		for range 50 { // it is made anew again and again
			pass(time.Minute)
			i.serves = false
			pass(takeBound / 2)
			i.serves = true
		}
		if len(i.rests) > 0 {
			t.Errorf("rests %v", i.rests)
		}
		s.giveBack("ALPHA", errNotTaken)
		s.giveBack("ALPHA", errNotTaken)
		pass(provenFor + 10*time.Second)
		s.giveBack("ALPHA", errNotTaken)
		if want := []time.Duration{restFirst, 2 * restFirst, restFirst}; len(i.rests) != 3 || i.rests[2] != want[2] || i.rests[1] != want[1] {
			t.Errorf("rests %v, want %v", i.rests, want)
		}
	})
}
