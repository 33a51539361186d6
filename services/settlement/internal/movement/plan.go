package movement

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/fxdate"
	"fxcore/services/settlement/internal/ledger"
	"fxcore/services/settlement/internal/obligation"
)

// Accounts says by which account a client pays and is paid, and whose payments are netted.
type Accounts interface {
	// AccountOf returns the client's account in the currency: the preferred one if it is in that currency, otherwise the
	// client's first one. Empty if the client has none. An error says why that cannot be known now.
	AccountOf(client, currency, preferred string) (string, error)
	// Nets tells whether the client's payments of a value date are netted. An error says why that cannot be known now.
	Nets(client string) (bool, error)
}

// ErrNoWindow means that the window of a leg is not known yet.
var ErrNoWindow = errors.New("when the leg can be paid is not known yet")

// ErrEarlierVersion means that an earlier version of a leg is at the mainframe, or was.
var ErrEarlierVersion = errors.New("an earlier version of the leg is not withdrawn")

// Group is the legs that one movement settles.
type Group struct {
	Legs     []*obligation.Obligation // by ref
	Netted   bool
	Payments []Payment
	Fault    error // why the payments cannot be known now; the legs then stay open
}

// NotAfter returns the earliest cut-off of the group's legs.
func (g Group) NotAfter() time.Time {
	first := g.Legs[0].Window.NotAfter
	for _, leg := range g.Legs[1:] {
		if leg.Window.NotAfter.Before(first) {
			first = leg.Window.NotAfter
		}
	}
	return first
}

// Due tells whether one of the group's legs can be paid at now. The leg that made a client's set due may have a movement of its own, because
// its trade is not booked or an earlier version is not withdrawn; the others then wait for their own time.
func (g Group) Due(now time.Time) bool {
	return slices.ContainsFunc(g.Legs, func(leg *obligation.Obligation) bool { return !leg.Window.From.After(now) })
}

// Plan groups the legs that are due. A client with a netting agreement has one movement for each value date; every other leg
// has a movement of its own, and so has a leg whose trade the mainframe has not booked, or has refused to book. A leg whose earlier version is not
// withdrawn, or whose window is not known, stays open. The result does not depend on the order of the legs.
func Plan(legs []*obligation.Obligation, accounts Accounts) []Group {
	legs = slices.SortedFunc(slices.Values(legs), func(a, b *obligation.Obligation) int { return order(a.Ref, b.Ref) })
	var groups []Group
	sets := map[set]int{} // its place in groups
	for _, leg := range legs {
		nets, err := accounts.Nets(leg.Client)
		switch {
		case leg.Windowless:
			err = ErrNoWindow
		case leg.Former != "":
			err = fmt.Errorf("%w: %s", ErrEarlierVersion, leg.Former)
		}
		if err != nil || !nets || leg.Unbooked || leg.BookingRefused != "" {
			groups = append(groups, Group{Legs: []*obligation.Obligation{leg}, Fault: err})
			continue
		}
		id := set{leg.Client, leg.ValueDate}
		at, known := sets[id]
		if !known {
			at = len(groups)
			sets[id] = at
			groups = append(groups, Group{Netted: true})
		}
		groups[at].Legs = append(groups[at].Legs, leg)
	}
	for i, g := range groups {
		if g.Fault == nil {
			groups[i].Payments, groups[i].Fault = payments(g.Legs, accounts)
		}
	}
	return groups
}

// Cut takes the netting set of a client and value date out of a plan, because its other legs may not be there yet, and with it all legs of
// that client and date: also those that have a movement of their own, or wait. The last leg names client and date. Cut returns the plan
// as it is if it has no such set.
func Cut(plan []Group, last *obligation.Obligation) []Group {
	of := func(g Group) bool { return g.Legs[0].Client == last.Client && g.Legs[0].ValueDate == last.ValueDate }
	if !slices.ContainsFunc(plan, func(g Group) bool { return g.Netted && of(g) }) {
		return plan
	}
	return slices.DeleteFunc(plan, of)
}

type set struct {
	client string
	value  fxdate.Date
}

type place struct{ currency, account string }

// payments adds up what the legs exchange, by currency and account. Currency by currency, so that every replica makes the same
// list. What nets to zero needs no payment. Errors are those of accounts.
func payments(legs []*obligation.Obligation, accounts Accounts) ([]Payment, error) {
	sums := map[place]decimal.Decimal{}
	for _, leg := range legs {
		for _, flow := range []ledger.Flow{leg.Base, leg.Quote} {
			account, err := accounts.AccountOf(leg.Client, flow.Currency, leg.Account)
			if err != nil {
				return nil, err
			}
			at := place{flow.Currency, account}
			sums[at] = sums[at].Add(flow.Amount)
		}
	}
	list := make([]Payment, 0, len(sums))
	for at, sum := range sums {
		if !sum.IsZero() {
			list = append(list, Payment{Currency: at.currency, Amount: sum, Account: at.account})
		}
	}
	slices.SortFunc(list, func(a, b Payment) int {
		return cmp.Or(cmp.Compare(a.Currency, b.Currency), cmp.Compare(a.Account, b.Account))
	})
	return list, nil
}

func order(a, b obligation.Ref) int {
	switch {
	case a == b:
		return 0
	case a.Less(b):
		return -1
	}
	return 1
}
