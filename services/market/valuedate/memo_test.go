package valuedate

import (
	"errors"
	"sync"
	"testing"

	"fxcore/services/contract/fxdate"
)

func TestAMemoComputesOnceAndIsBounded(t *testing.T) {
	var m memo
	failed, calls := errors.New("failed"), 0
	compute := func() (Period, error) { calls++; return Period{Start: 1, End: 2}, failed }
	for range 3 {
		if got, err := m.get(asked{unit: fxdate.Months, count: 1}, compute); got.End != 2 || !errors.Is(err, failed) {
			t.Errorf("%+v, %v", got, err)
		}
	}
	if calls != 1 {
		t.Errorf("computed %d times", calls)
	}
	for i := range 3 * maxKnown {
		if _, err := m.get(asked{unit: fxdate.Days, count: i}, compute); !errors.Is(err, failed) || len(m.known) > maxKnown {
			t.Fatalf("%d known, %v", len(m.known), err)
		}
	}
}

// Many deals ask at once; the race detector looks on.
func TestAMemoIsSharedByManyDeals(t *testing.T) {
	var m memo
	var deals sync.WaitGroup
	for range 8 {
		deals.Go(func() {
			for i := range 2_000 {
				want := fxdate.Date(i % 700)
				got, err := m.get(asked{count: i % 700}, func() (Period, error) { return Period{End: want}, nil })
				if err != nil || got.End != want {
					t.Errorf("%d: %+v, %v", i, got, err)
				}
			}
		})
	}
	deals.Wait()
}
