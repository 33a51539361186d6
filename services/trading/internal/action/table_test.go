package action_test

import (
	"strings"
	"testing"

	"fxcore/services/trading/internal/action"
	"fxcore/services/trading/internal/trade"
)

// expected is the table as a person writes it: for each state and product the outcome of each kind, in the order of [action.Kinds].
const expected = `
unconfirmed    any     booking_awaited booking_awaited booking_awaited booking_awaited booking_awaited booking_awaited booking_awaited booking_awaited booking_awaited
open           spot    superseded superseded superseded not_for_spot not_for_spot no_window superseded superseded deleted
open           forward superseded superseded superseded superseded superseded superseded superseded superseded deleted
open           swap    superseded superseded superseded superseded superseded no_window superseded superseded deleted
not_booked     any     booking_refused booking_refused booking_refused booking_refused booking_refused booking_refused superseded superseded deleted
under_way      any     action_under_way action_under_way action_under_way action_under_way action_under_way action_under_way action_under_way action_under_way action_under_way
payment_begun  any     payment_has_begun payment_has_begun payment_has_begun payment_has_begun payment_has_begun payment_has_begun payment_has_begun payment_has_begun payment_has_begun
near_settled   any     near_leg_settled superseded superseded superseded superseded no_window superseded near_leg_settled near_leg_settled
executed       any     already_executed already_executed already_executed already_executed already_executed already_executed already_executed already_executed already_executed
superseded     any     already_superseded already_superseded already_superseded already_superseded already_superseded already_superseded already_superseded already_superseded already_superseded
deleted        any     already_deleted already_deleted already_deleted already_deleted already_deleted already_deleted already_deleted already_deleted already_deleted
`

var products = []trade.Product{trade.Spot, trade.Forward, trade.Swap}

// TestEveryStateActionAndProduct compares every cell: allowed, and what becomes of the trade, or refused, and why.
func TestEveryStateActionAndProduct(t *testing.T) {
	compared := 0
	for _, line := range strings.Split(strings.TrimSpace(expected), "\n") {
		words := strings.Fields(line)
		for _, product := range products {
			if words[1] != "any" && words[1] != string(product) {
				continue
			}
			for i, kind := range action.Kinds() {
				next, reason := action.Allowed(action.State(words[0]), kind, product)
				if got := string(next) + string(reason); got != words[2+i] || next != "" && reason != "" {
					t.Errorf("%s a %s that is %s: %s, want %s", kind, product, words[0], got, words[2+i])
				}
				compared++
			}
		}
	}
	if want := len(action.States()) * len(action.Kinds()) * len(products); compared != want {
		t.Errorf("%d cells are compared, there are %d", compared, want)
	}
}

// The table of actions must not allow what the table of statuses forbids.
func TestWhatIsAllowedTheStatusAllows(t *testing.T) {
	for _, status := range trade.Statuses() {
		life := trade.Life{Status: status, Legs: 2}
		for _, kind := range action.Kinds() {
			next, reason := action.Allowed(action.StateOf(life, action.Circumstances{}), kind, trade.Forward)
			means := map[trade.Status]trade.Action{trade.Superseded: trade.Supersede, trade.Deleted: trade.Delete}[next]
			got, err := status.After(means)
			if reason == "" && (err != nil || got != next) || reason != "" && means != "" {
				t.Errorf("%s a trade that is %s: %s%s here, %s, %v there", kind, status, next, reason, got, err)
			}
		}
	}
}

func TestTheStateFollowsFromLifeAndCircumstances(t *testing.T) {
	pending, paying := action.Circumstances{UnderWay: true, PaymentBegun: true}, action.Circumstances{PaymentBegun: true}
	for _, c := range []struct {
		life trade.Life
		is   action.Circumstances
		want action.State
	}{
		{trade.Life{Status: trade.Registered, Legs: 1}, action.Circumstances{}, action.Unconfirmed},
		{trade.Life{Status: trade.Registered, Legs: 1}, pending, action.UnderWay},
		{trade.Life{Status: trade.Booked, Legs: 2}, action.Circumstances{}, action.Open},
		{trade.Life{Status: trade.BookingRefused, Legs: 1}, action.Circumstances{}, action.NotBooked},
		{trade.Life{Status: trade.BookingRefused, Legs: 1}, paying, action.PaymentBegun},
		{trade.Life{Status: trade.Booked, Legs: 2, Settled: 1}, action.Circumstances{}, action.NearSettled},
		{trade.Life{Status: trade.Booked, Legs: 2, Settled: 1}, pending, action.UnderWay},
		{trade.Life{Status: trade.Executed, Legs: 1, Settled: 1}, pending, action.Executed},
		{trade.Life{Status: trade.Superseded, Legs: 1}, pending, action.Superseded},
		{trade.Life{Status: trade.Deleted, Legs: 1}, pending, action.Deleted},
	} {
		if got := action.StateOf(c.life, c.is); got != c.want {
			t.Errorf("%+v, %+v: %s, want %s", c.life, c.is, got, c.want)
		}
	}
}

// Every function asks the table: none of them acts on a trade that is executed.
func TestNoFunctionActsOnAnExecutedTrade(t *testing.T) {
	done := of(trade.Forward)
	done.Life.Status = trade.Executed
	other := of(trade.Forward)
	other.ID = "other"
	after := done.Terms
	after.Account = "EUR-2"
	calls := map[action.Kind]func() error{
		action.Join:      func() error { _, err := action.Joining("new", []action.Subject{other, done}); return err },
		action.Split:     func() error { _, err := action.Splitting(done, nil, cents); return err },
		action.Extend:    func() error { _, err := action.Rolling(done, "new", action.Roll{Kind: action.Extend}); return err },
		action.RollBack:  func() error { _, err := action.Rolling(done, "new", action.Roll{Kind: action.RollBack}); return err },
		action.PreSettle: func() error { _, err := action.Draws(done, action.Drawing{Kind: action.PreSettle}); return err },
		action.TakeUp:    func() error { _, err := action.Draws(done, action.Drawing{Kind: action.TakeUp}); return err },
		action.Amend:     func() error { _, _, err := action.Correcting(done, after, "new"); return err },
		action.Rebook: func() error {
			rebooked := after
			rebooked.Client = "C000002"
			_, _, err := action.Correcting(done, rebooked, "new")
			return err
		},
		action.Delete: func() error { _, err := action.Deleting(done); return err },
	}
	for _, kind := range action.Kinds() {
		t.Run(string(kind), func(t *testing.T) { refusedAs(t, calls[kind](), action.AlreadyExecuted) })
	}
}

func TestEveryReasonOfTheTableHasAText(t *testing.T) {
	for _, state := range action.States() {
		for _, kind := range action.Kinds() {
			for _, product := range products {
				if next, reason := action.Allowed(state, kind, product); next == "" && !strings.Contains(action.Explain(reason), " ") {
					t.Errorf("%s has no text", reason)
				}
			}
		}
	}
	if _, reason := action.Allowed("no such state", action.Split, trade.Spot); reason == "" {
		t.Error("a state that does not exist allows a split")
	}
}
