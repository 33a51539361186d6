package memo

import (
	"errors"
	"sync"
	"testing"
)

// answer is a value with an error, which is kept as well.
type answer struct {
	value int
	err   error
}

func TestAMemoComputesOnceAndIsBounded(t *testing.T) {
	const most = 512
	m := New[int, answer](most)
	failed, calls := errors.New("failed"), 0
	compute := func() answer { calls++; return answer{2, failed} }
	for range 3 {
		if got := m.Get(-1, compute); got.value != 2 || !errors.Is(got.err, failed) {
			t.Errorf("%+v", got)
		}
	}
	if calls != 1 {
		t.Errorf("computed %d times", calls)
	}
	for i := range 3 * most {
		if got := m.Get(i, compute); !errors.Is(got.err, failed) || len(m.known) > most {
			t.Fatalf("%d known, %v", len(m.known), got.err)
		}
	}
}

// Many deals ask at once; the race detector looks on.
func TestAMemoIsSharedByManyDeals(t *testing.T) {
	m := New[int, answer](512)
	var deals sync.WaitGroup
	for range 8 {
		deals.Go(func() {
			for i := range 2_000 {
				want := i % 700
				if got := m.Get(want, func() answer { return answer{value: want} }); got.err != nil || got.value != want {
					t.Errorf("%d: %+v", i, got)
				}
			}
		})
	}
	deals.Wait()
}
