package line

import (
	"errors"
	"testing"
)

func TestEveryPairOfStateAndStep(t *testing.T) {
	t.Parallel()
	const refused = State("")
	want := map[State]map[Step]State{
		Reserved:  {Consume: Consumed, Release: Released, Expire: Expired, Cancel: Cancelled, Withdraw: Withdrawn, Register: Consumed},
		Consumed:  {Consume: refused, Release: refused, Expire: refused, Cancel: refused, Withdraw: refused, Register: Consumed},
		Released:  {Consume: refused, Release: refused, Expire: refused, Cancel: refused, Withdraw: refused, Register: Consumed},
		Expired:   {Consume: refused, Release: refused, Expire: refused, Cancel: refused, Withdraw: refused, Register: Consumed},
		Cancelled: {Consume: refused, Release: refused, Expire: refused, Cancel: refused, Withdraw: refused, Register: Consumed},
		Withdrawn: {Consume: refused, Release: refused, Expire: refused, Cancel: refused, Withdraw: refused, Register: Consumed},
	}
	for state, steps := range want {
		for step, next := range steps {
			got, err := state.After(step)
			var ended *EndedError
			switch {
			case next == refused && !errors.As(err, &ended):
				t.Errorf("%s of %s: got %s, %v; want it refused", step, state, got, err)
			case next == refused && got != state:
				t.Errorf("a refused %s of %s moved it to %s", step, state, got)
			case next != refused && (err != nil || got != next):
				t.Errorf("%s of %s: got %s, %v; want %s", step, state, got, err, next)
			}
		}
	}
	if _, err := State("NONSENSE").After(Consume); err == nil {
		t.Error("an unknown state took a step")
	}
}

func TestOnlyOpenAndConsumedReservationsHoldTheLine(t *testing.T) {
	t.Parallel()
	for state, want := range map[State]bool{Reserved: true, Consumed: true, Released: false, Expired: false, Cancelled: false, Withdrawn: false, "": false} {
		if got := state.Holds(); got != want {
			t.Errorf("%q holds: %v, want %v", state, got, want)
		}
	}
}
