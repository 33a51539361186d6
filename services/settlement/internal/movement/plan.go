package movement

import (
	"cmp"
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
	// client's first one. Empty if the client has none.
	AccountOf(client, currency, preferred string) string
	Nets(client string) bool
}

// Group is the legs that one movement settles.
type Group struct {
	Legs     []*obligation.Obligation // by ref
	Netted   bool
	Payments []Payment
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

// Plan groups the legs that are due. A client with a netting agreement has one movement for each value date; every other leg
// has a movement of its own. The result does not depend on the order of the legs.
func Plan(legs []*obligation.Obligation, accounts Accounts) []Group {
	legs = slices.SortedFunc(slices.Values(legs), func(a, b *obligation.Obligation) int { return order(a.Ref, b.Ref) })
	var groups []Group
	sets := map[set]int{} // its place in groups
	for _, leg := range legs {
		if !accounts.Nets(leg.Client) {
			groups = append(groups, Group{Legs: []*obligation.Obligation{leg}})
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
	for i := range groups {
		groups[i].Payments = payments(groups[i].Legs, accounts)
	}
	return groups
}

type set struct {
	client string
	value  fxdate.Date
}

type place struct{ currency, account string }

// payments adds up what the legs exchange, by currency and account. Currency by currency, so that every replica makes the same
// list. What nets to zero needs no payment.
func payments(legs []*obligation.Obligation, accounts Accounts) []Payment {
	sums := map[place]decimal.Decimal{}
	for _, leg := range legs {
		for _, flow := range []ledger.Flow{leg.Base, leg.Quote} {
			at := place{flow.Currency, accounts.AccountOf(leg.Client, flow.Currency, leg.Account)}
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
	return list
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
