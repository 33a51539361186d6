package trade_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fxcore/services/trading/internal/trade"
)

// TestFactsInAnyOrderMakeTheSameLife delivers the same facts in two orders, some of them twice.
func TestFactsInAnyOrderMakeTheSameLife(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := drawFacts(t)
		first, second := trade.Life{Status: trade.Registered, Legs: 2}, trade.Life{Status: trade.Registered, Legs: 2}
		for _, fact := range facts {
			fact(&first)
		}
		again := append(rapid.Permutation(facts).Draw(t, "order"), rapid.SliceOf(rapid.SampledFrom(facts)).Draw(t, "repeats")...)
		for _, fact := range again {
			fact(&second)
		}
		if first != second {
			t.Fatalf("%+v in one order, %+v in another", first, second)
		}
	})
}

// drawFacts draws facts as other services may send them: several assignments and refusals, and at most one booking.
func drawFacts(t *rapid.T) []func(*trade.Life) {
	minute := func(n int) time.Time { return time.Unix(int64(n)*60, 0) }
	var facts []func(*trade.Life)
	for _, at := range rapid.SliceOfNDistinct(rapid.IntRange(1, 99), 1, 4, rapid.ID[int]).Draw(t, "assigned at") {
		trader := rapid.SampledFrom([]string{"U0001", "U0002"}).Draw(t, "trader")
		facts = append(facts, func(l *trade.Life) { l.Assign(trade.Assignment{Desk: "FXS1", Trader: trader, At: minute(at)}) })
	}
	for _, at := range rapid.SliceOfNDistinct(rapid.IntRange(1, 99), 0, 3, rapid.ID[int]).Draw(t, "refused at") {
		facts = append(facts, func(l *trade.Life) { must(l.Refuse(trade.Refusal{Code: "E42", At: minute(at)})) })
	}
	if rapid.Bool().Draw(t, "booked") {
		facts = append(facts, func(l *trade.Life) { must(l.Book(trade.Booking{Reference: "B1", At: minute(7)})) })
	}
	for leg := range rapid.IntRange(0, 2).Draw(t, "settled legs") {
		facts = append(facts, func(l *trade.Life) { settle(l, leg+1, minute(50-leg)) })
	}
	return facts
}

func settle(l *trade.Life, leg int, at time.Time) (executed bool) {
	_, executed, err := l.Settle(leg, at)
	if err != nil {
		panic(err)
	}
	return executed
}

// A swap is executed with its last leg, whichever comes last.
func TestATradeIsExecutedOnceAllItsLegsAreSettled(t *testing.T) {
	near, far := time.Unix(60, 0), time.Unix(120, 0)
	for name, order := range map[string][]int{"near first": {1, 1, 2, 2, 1}, "far first": {2, 1, 1, 2}} {
		life, times := trade.Life{Status: trade.Registered, Legs: 2}, 0
		for _, leg := range order {
			if settle(&life, leg, map[int]time.Time{1: near, 2: far}[leg]) {
				times++
			}
		}
		if times != 1 || life.Status != trade.Executed || !life.ExecutedAt.Equal(far) {
			t.Errorf("%s: executed %d times, %+v", name, times, life)
		}
	}
	half := trade.Life{Status: trade.Booked, Legs: 2}
	if settle(&half, 2, far) || half.Status != trade.Booked {
		t.Errorf("executed with one leg of two: %+v", half)
	}
}

func TestALegThatShouldNotHaveMovedIsAnError(t *testing.T) {
	for name, life := range map[string]trade.Life{
		"a third leg":             {Status: trade.Booked, Legs: 1},
		"of a deleted trade":      {Status: trade.Deleted, Legs: 2},
		"of a superseded version": {Status: trade.Superseded, Legs: 2},
	} {
		before := life
		if _, _, err := life.Settle(2, time.Unix(60, 0)); !errors.Is(err, trade.ErrNotAllowed) || life != before {
			t.Errorf("%s: %v, %+v", name, err, life)
		}
	}
}

func must(_ bool, err error) {
	if err != nil {
		panic(err)
	}
}

func TestABookingIsFinal(t *testing.T) {
	life := trade.Life{Status: trade.Registered}
	must(life.Refuse(trade.Refusal{Code: "E42", At: time.Unix(60, 0)}))
	if life.Status != trade.BookingRefused {
		t.Fatalf("status %s after a refusal", life.Status)
	}
	must(life.Book(trade.Booking{Reference: "B1", At: time.Unix(120, 0)}))
	if life.Status != trade.Booked || life.Refusal != (trade.Refusal{}) {
		t.Fatalf("after the booking: %+v", life)
	}
	if changed, err := life.Refuse(trade.Refusal{Code: "E43", At: time.Unix(180, 0)}); changed || err != nil {
		t.Errorf("a late refusal changed the trade: %v, %v", changed, err)
	}
	before := life
	if _, err := life.Book(trade.Booking{Reference: "B2"}); !errors.Is(err, trade.ErrBookedTwice) || life != before {
		t.Errorf("a second reference: %v, %+v", err, life)
	}
}

func TestAFactThatRepeatsChangesNothing(t *testing.T) {
	life := trade.Life{Status: trade.Registered}
	assignment := trade.Assignment{Desk: "FXS1", Trader: "U0001", At: time.Unix(60, 0)}
	if !life.Assign(assignment) || life.Assign(assignment) {
		t.Error("an assignment changes the life the first time, and only then")
	}
}
