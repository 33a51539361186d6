package line

import (
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"fxcore/services/contract/fxdate"
)

// dealtAt is a deal of ten million that is done at the market rate of its time.
type dealtAt struct {
	market    string
	side      Side   // of the last leg
	near, far string // add-ons of its legs; empty: it has no such leg
}

func (d dealtAt) exposure() Exposure {
	market, amount := dec(d.market), dec("10000000")
	switch {
	case d.far == "":
		return outrightAt(market, d.side, nearOn, amount, market, dec(d.near))
	case d.near == "":
		return outrightAt(market, d.side, farOn, amount, market, dec(d.far))
	}
	return swapOf(outrightAt(market, d.side.opposite(), nearOn, amount, market, dec(d.near)),
		outrightAt(market, d.side, farOn, amount, market, dec(d.far)))
}

// done books deals of the client with the agreement.
func done(t rapid.TB, netted bool, deals ...Reservation) *Book {
	t.Helper()
	b := emptyBook()
	for _, r := range deals {
		r.Terms.Netted = netted
		for _, set := range r.Terms.Sets(r.Path, r.Settlements) {
			loadIfNew(b, set)
		}
		if err := b.Record(r); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// A client buys euros near and sells them far at 1.10. The market falls to 1.05, and it sells the near ones: 500,000 dollars are
// owed, and the far leg is left. The add-ons are those of a month, of three months and of a week.
func TestNoSwapHidesALossThatIsLockedIn(t *testing.T) {
	t.Parallel()
	swapped, closed := dealtAt{"1.10", Sell, "0.04275", "0.0735"}, dealtAt{"1.05", Sell, "0.021", ""}
	for _, c := range []struct {
		rule  string
		deals []dealtAt
		want  string
	}{
		{"a swap alone counts its far leg", []dealtAt{swapped}, "808500"},
		{"its near leg closed at a loss: the loss and the far leg", []dealtAt{swapped, closed}, "1308500"},
		{
			"two opposite swaps at the market hide nothing of the loss, and the far leg counts at the average of two",
			[]dealtAt{swapped, closed, {"1.05", Sell, "0.04275", "0.0735"}, {"1.05", Buy, "0.04275", "0.0735"}},
			"1290125",
		},
		{"the far leg closed too: what it gains is not set off", []dealtAt{swapped, closed, {"1.05", Buy, "", "0.0735"}}, "500000"},
	} {
		var deals []Reservation
		for i, d := range c.deals {
			deals = append(deals, as(reservation(4*i, 0), d.side, d.exposure()))
		}
		equal(t, c.rule, usedBy(t, done(t, true, deals...)), c.want)
	}
}

// The market moves between deals, so that what they lock in may be more than their exposures. All that the client owes counts, nothing
// counts above that but what the deals use without the agreement, and the order of the deals does not matter.
func TestALossOfAnyMarketCountsInFullBesideSwaps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var deals []Reservation
		for i := range rapid.IntRange(1, 8).Draw(t, "deals") {
			deals = append(deals, movedDeal(t, reservation(4*i, 0)))
		}
		owes := owedBy(deals)
		one, other, gross := done(t, true, deals...), done(t, true, rapid.Permutation(deals).Draw(t, "order")...), done(t, false, deals...)
		for _, n := range clients[0].Nodes() {
			used, again, most := one.usage[n].Consumed, other.usage[n].Consumed, gross.usage[n].Consumed.Add(owes).RoundUp(minorUnits)
			if !used.Equal(again) {
				t.Fatalf("%s: %s in one order, %s in another", n, used, again)
			}
			if used.LessThan(owes.RoundDown(4)) || used.GreaterThan(most.Add(dec("0.02"))) { // a cent for each set
				t.Fatalf("%s: uses %s, the client owes %s, and its deals use %s without the agreement", n, used, owes, gross.usage[n].Consumed)
			}
		}
	})
}

// movedDeal makes a reservation one of an outright or a swap near the market's rate of the moment.
func movedDeal(t *rapid.T, r Reservation) Reservation {
	side := rapid.SampledFrom([]Side{Buy, Sell}).Draw(t, "side")
	market := decimal.New(rapid.Int64Range(50, 150).Draw(t, "market"), -2)
	base := decimal.NewFromInt(rapid.Int64Range(1, 100).Draw(t, "base"))
	rate := market.Add(decimal.New(rapid.Int64Range(-2, 2).Draw(t, "off the market"), -2))
	near, far := outrightAt(market, side, nearOn, base, rate, dec("0.1")), outrightAt(market, side, farOn, base, rate, dec("0.2"))
	switch rapid.SampledFrom([]string{"near", "far", "swap"}).Draw(t, "kind") {
	case "near":
		return as(r, side, near)
	case "far":
		return as(r, side, far)
	}
	return as(r, side, swapOf(outrightAt(market, side.opposite(), nearOn, base, rate, dec("0.1")), far))
}

// owedBy returns what the client has fixed as its loss, on both value dates.
func owedBy(deals []Reservation) decimal.Decimal {
	owes := decimal.Zero
	for _, on := range []fxdate.Date{nearOn, farOn} {
		balance := map[Side]Exchange{}
		for _, r := range deals {
			side, x := r.exchangeOn(on)
			balance[side] = Exchange{balance[side].Base.Add(x.Base), balance[side].Quote.Add(x.Quote), decimal.Zero}
		}
		bought, sold := balance[Buy], balance[Sell]
		if matched := decimal.Min(bought.Base, sold.Base); matched.IsPositive() {
			paid, received := bought.Quote.Mul(matched).DivRound(bought.Base, 6), sold.Quote.Mul(matched).DivRound(sold.Base, 6)
			owes = owes.Add(decimal.Max(decimal.Zero, paid.Sub(received)))
		}
	}
	return owes
}

// exchangeOn returns what the whole of a netted deal exchanges on a value date.
func (r Reservation) exchangeOn(on fxdate.Date) (Side, Exchange) {
	switch {
	case on == r.Terms.ValueDate:
		return r.Terms.Side, r.Exchange
	case on == nearOn:
		return r.Terms.Side.opposite(), r.Swap.Near.Exchange
	}
	return r.Terms.Side, Exchange{}
}
