package line

import (
	"errors"
	"testing"
	"time"

	"github.com/shopspring/decimal"
)

var (
	nearDate, farDate = day("2026-11-23"), day("2026-12-23")
	deskOne           = Node{Desk, "D1"}
)

// aSwap reserves a swap of client C3: its exposure is 10, and the bank receives 100 on the near date and 90 on the far one.
func aSwap(t *testing.T) *Book {
	t.Helper()
	b, swap := emptyBook(), reservation(2, 10)
	swap.ID, swap.Kind = "swap", ForTrade
	swap.Settlements = []Settlement{{nearDate, dec("100")}, {farDate, dec("90")}}
	for _, at := range []time.Time{nearDate, farDate} {
		b.LoadSettled(Bucket{deskOne, at}, decimal.Zero)
	}
	must(t, b.Reserve(swap))
	return b
}

// carries fails the test unless the desk's line carries what it should: exposure, and what is due on the two dates.
func carries(t *testing.T, rule string, b *Book, exposure, near, far string) {
	t.Helper()
	u, err := b.Usage(deskOne)
	must(t, err)
	equal(t, rule+": exposure", u.Used(), exposure)
	for at, want := range map[time.Time]string{nearDate: near, farDate: far} {
		due, err := b.Settled(Bucket{deskOne, at})
		must(t, err)
		equal(t, rule+": due on "+at.Format(time.DateOnly), due, want)
	}
}

func TestASettledLegFreesItsDateAndTheLastOneTheExposure(t *testing.T) {
	t.Parallel()
	b := aSwap(t)
	_, err := b.Register("swap")
	must(t, err)
	carries(t, "registered", b, "10", "100", "90")
	for range 2 {
		r, err := b.Settle("swap", 1)
		if err != nil || r.State != Consumed {
			t.Fatalf("the near leg: %s, %v", r.State, err)
		}
		carries(t, "the near leg is settled", b, "10", "0", "90")
	}
	for range 2 {
		r, err := b.Settle("swap", 2)
		if err != nil || r.State != Settled || r.State.Holds() {
			t.Fatalf("the far leg: %s, %v", r.State, err)
		}
		carries(t, "both are settled", b, "0", "0", "0")
	}
	for _, late := range []func() (Reservation, error){
		func() (Reservation, error) { return b.Register("swap") },
		func() (Reservation, error) { return b.Settle("swap", 1) },
	} {
		if r, err := late(); err != nil || r.State != Settled {
			t.Errorf("once more, late: %s, %v", r.State, err)
		}
		carries(t, "once more, late", b, "0", "0", "0")
	}
	if _, err := b.End("swap", Expire, farDate); err == nil {
		t.Error("a settled trade expired")
	}
}

// The near leg has failed, and is settled after the far leg.
func TestTheExposureLastsAsLongAsAnyLegIsDue(t *testing.T) {
	t.Parallel()
	b := aSwap(t)
	_, err := b.Settle("swap", 2)
	must(t, err)
	carries(t, "the far leg is settled", b, "10", "100", "0")
	_, err = b.Settle("swap", 1)
	must(t, err)
	carries(t, "both are settled", b, "0", "0", "0")
}

// settlement.settled overtakes trade.registered: whatever has become of the reservation, the trade is done.
func TestALegIsSettledInAnyStateOfTheReservation(t *testing.T) {
	t.Parallel()
	for _, ended := range []Step{Register, Expire, Release} {
		b := aSwap(t)
		_, err := b.Resolve("swap", ended)
		must(t, err)
		_, err = b.Settle("swap", 1)
		must(t, err)
		carries(t, "settled after "+string(ended), b, "10", "0", "90")
	}
}

func TestALegThatTheReservationDoesNotHaveIsAnError(t *testing.T) {
	t.Parallel()
	b := aSwap(t)
	spot := reservation(6, 5)
	spot.Kind = ForTrade
	must(t, b.Reserve(spot))
	for _, leg := range []int{-1, 0, 3} {
		if _, err := b.Settle("swap", leg); err == nil {
			t.Errorf("leg %d was settled", leg)
		}
	}
	if _, err := b.Settle(spot.ID, 2); err == nil {
		t.Error("the far leg of a spot was settled")
	}
	if _, err := b.Settle("nobody's", 1); !errors.Is(err, ErrUnknown) {
		t.Errorf("a trade without a reservation: %v", err)
	}
	carries(t, "nothing happened", b, "15", "100", "90")
}

// Two deals of a client with a netting agreement offset each other. When one is settled, the other counts in full: that is a
// fact, so it is not refused.
func TestASettledDealLeavesItsNettingSet(t *testing.T) {
	t.Parallel()
	b := emptyBook()
	bought, sold := reservation(0, 100), reservation(4, 60)
	for _, r := range []*Reservation{&bought, &sold} {
		r.Kind = ForTrade
		must(t, b.Record(*r))
	}
	of := func() decimal.Decimal {
		u, err := b.Usage(Node{Client, nettedClient})
		must(t, err)
		return u.Used()
	}
	equal(t, "100 bought and 60 sold", of(), "40")
	_, err := b.Settle(bought.ID, 1)
	must(t, err)
	equal(t, "60 sold", of(), "60")
	equal(t, "of the group", b.changes.members[Member{"G1", nettedClient}], "60")
	_, err = b.Settle(sold.ID, 1)
	must(t, err)
	equal(t, "nothing", of(), "0")
}
