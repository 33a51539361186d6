package line

import (
	"errors"
	"testing"

	"github.com/shopspring/decimal"
)

// in returns a reservation of 10 in a state that is whole: all of it is open, all is consumed, or neither.
func in(state State) Reservation {
	r := Reservation{State: state, Terms: Terms{Amount: dec("10"), Currency: "EUR"}}
	switch state { //nolint:exhaustive // the others have neither part
	case Reserved:
		r.Open = dec("10")
	case Consumed:
		r.Taken = dec("10")
	}
	return r
}

func TestEveryPairOfStateAndStep(t *testing.T) {
	t.Parallel()
	const refused = State("")
	over := map[Step]State{Register: Consumed, Restore: Consumed}
	want := map[State]map[Step]State{
		Reserved: {
			Consume: Consumed, Use: Used, Report: Used, Release: Released, Expire: Expired, Cancel: Cancelled, Withdraw: Withdrawn,
			Register: Consumed, GiveBack: Reserved, Restore: Reserved,
		},
		Consumed:  {Reverse: Reversed, Report: Used, Register: Consumed, GiveBack: Reserved, Restore: Consumed, Settle: Settled, Delete: Deleted, Supersede: Superseded},
		Used:      {GiveBack: Reserved, Restore: Consumed},
		Released:  {Register: Consumed},
		Expired:   {Register: Consumed, Restore: Consumed, Release: Released},
		Cancelled: over,
		Withdrawn: over,
		Reversed:  {GiveBack: Reserved, Restore: Consumed},
		Settled:   {Register: Settled, Settle: Settled},
		Deleted:   {Register: Deleted, Delete: Deleted},

		Superseded: {Register: Superseded},
	}
	steps := []Step{Consume, Reverse, Use, Report, GiveBack, Restore, Release, Expire, Cancel, Withdraw, Register, Settle, Delete, Supersede}
	for state, nexts := range want {
		for _, step := range steps {
			next, part := nexts[step], decimal.Zero
			if step == GiveBack || step == Restore {
				part = dec("1")
			}
			if state == Reserved && step == Reverse {
				continue // allowed, but nothing is consumed: see below
			}
			got, err := in(state).After(step, part)
			var ended *EndedError
			switch {
			case next == refused && !errors.As(err, &ended):
				t.Errorf("%s of %s: got %s, %v; want it refused", step, state, got.State, err)
			case next == refused && got.State != state:
				t.Errorf("a refused %s of %s moved it to %s", step, state, got.State)
			case next != refused && (err != nil || got.State != next):
				t.Errorf("%s of %s: got %s, %v; want %s", step, state, got.State, err, next)
			}
		}
	}
	if _, err := in("NONSENSE").After(Consume, decimal.Zero); err == nil {
		t.Error("an unknown state took a step")
	}
}

// Each step is applied to what the steps before it have left.
func TestAPartIsResolvedAndTheRestStays(t *testing.T) {
	t.Parallel()
	partly := in(Reserved)
	for _, c := range []struct {
		rule        string
		step        Step
		part        string
		state       State
		open, taken string
		short       bool
	}{
		{"a part is consumed", Consume, "3", Reserved, "7", "3", false},
		{"more than is open is not", Consume, "7.01", Reserved, "7", "3", true},
		{"a part of that is reversed", Reverse, "1", Reserved, "7", "2", false},
		{"more than is consumed is not", Reverse, "2.01", Reserved, "7", "2", true},
		{"a part is cancelled", Cancel, "1", Reserved, "6", "2", false},
		{"a requested trade takes what is open", Use, "1", Reserved, "5", "2", false},
		{"and nothing that is consumed", Use, "5.01", Reserved, "5", "2", true},
		{"a reported trade takes what is consumed first", Report, "3", Reserved, "4", "0", false},
		{"the part of a rejected trade is open again", GiveBack, "1", Reserved, "5", "0", false},
		{"nothing is consumed that could be reversed", Reverse, "0", Reserved, "5", "0", true},
		{"without a part, all that is open is consumed", Consume, "0", Consumed, "0", "5", false},
		{"trades take it all", Report, "5", Used, "0", "0", false},
		{"and one gives back", GiveBack, "5", Reserved, "5", "0", false},
		{"the rest expires", Expire, "0", Expired, "0", "0", false},
		{"a consumed part of a rejected trade is consumed again, even then", Restore, "2", Consumed, "0", "2", false},
	} {
		got, err := partly.After(c.step, dec(c.part))
		var short *ShortError
		if errors.As(err, &short) != c.short || err != nil && !c.short {
			t.Errorf("%s: %v", c.rule, err)
		}
		if got.State != c.state || !got.Open.Equal(dec(c.open)) || !got.Taken.Equal(dec(c.taken)) {
			t.Errorf("%s: %s with %s open and %s consumed; want %s, %s, %s", c.rule, got.State, got.Open, got.Taken, c.state, c.open, c.taken)
		}
		partly = got
	}
}

func TestWhatIsConsumedOutlivesWhatExpires(t *testing.T) {
	t.Parallel()
	for _, step := range []Step{Expire, Cancel, Withdraw} {
		r, err := in(Reserved).After(Consume, dec("4"))
		if err != nil {
			t.Fatal(err)
		}
		if r, err = r.After(step, decimal.Zero); err != nil || r.State != Consumed || !r.Open.IsZero() || !r.Taken.Equal(dec("4")) {
			t.Errorf("after %s: %s with %s open and %s consumed, %v", step, r.State, r.Open, r.Taken, err)
		}
	}
}

// A trade that took a part over comes to nothing after the provider has said that it does not need the check.
func TestNothingIsOpenAgainAfterTheCheckWasCancelled(t *testing.T) {
	t.Parallel()
	for _, step := range []Step{Cancel, Withdraw} {
		for _, taken := range []string{"0", "2"} {
			r := in(Reserved)
			r.Open, r.Taken = dec("3"), dec(taken) // a trade has the rest
			r, err := r.After(step, decimal.Zero)
			if err != nil {
				t.Fatal(err)
			}
			var ended *EndedError
			if _, err := r.After(GiveBack, dec("5")); !errors.As(err, &ended) {
				t.Errorf("%s with %s consumed: a part is open again: %v", step, taken, err)
			}
		}
	}
	part, _ := in(Reserved).After(Cancel, dec("3"))
	if r, err := part.After(GiveBack, dec("3")); err != nil || !r.Open.Equal(dec("10")) {
		t.Errorf("a check of which a part was cancelled lasts: %v, %v", r.Open, err)
	}
}

// A row of which nothing is open must not stay in front of those that can expire.
func TestWhatIsReservedWithNothingOpenEnds(t *testing.T) {
	t.Parallel()
	for step, end := range map[Step]State{Expire: Expired, Release: Released, Withdraw: Withdrawn} {
		for taken, want := range map[string]State{"0": end, "4": Consumed} {
			r := in(Reserved)
			r.Open, r.Taken = decimal.Zero, dec(taken)
			if r, err := r.After(step, decimal.Zero); err != nil || r.State != want {
				t.Errorf("%s with %s consumed: %s, %v; want %s", step, taken, r.State, err, want)
			}
		}
	}
}

func TestOnlyOpenAndConsumedReservationsHoldTheLine(t *testing.T) {
	t.Parallel()
	for state, want := range map[State]bool{
		Reserved: true, Consumed: true, Used: false, Released: false, Expired: false, Cancelled: false, Withdrawn: false, Reversed: false, Settled: false, "": false,
	} {
		if got := state.Holds(); got != want {
			t.Errorf("%q holds: %v, want %v", state, got, want)
		}
		if got := state.Stands(); got != (want || state == Settled) {
			t.Errorf("%q stands: %v", state, got)
		}
	}
}
