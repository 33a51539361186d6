package line

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"fxcore/services/contract/fxdate"
	"fxcore/services/contract/reason"
)

// The value dates of the swaps.
var nearOn, farOn = date("2026-11-20"), date("2026-11-23")

// outright returns the exposure of a leg at a market rate of 1.
func outright(side Side, on fxdate.Date, base, rate, addOn decimal.Decimal) Exposure {
	return outrightAt(one, side, on, base, rate, addOn)
}

// outrightAt returns the exposure of a leg at a market rate.
func outrightAt(market decimal.Decimal, side Side, on fxdate.Date, base, rate, addOn decimal.Decimal) Exposure {
	owed := rate.Sub(market).Mul(base)
	if side == Sell {
		owed = owed.Neg()
	}
	quote := base.Mul(rate).Round(2)
	return Exposure{
		MarkToMarket: owed.Round(2), BaseAmount: base, Conversion: market, AddOn: addOn, ValueDate: on, Notional: base,
		Settlements: []Settlement{{on.Time(), quote}}, Exchange: Exchange{base, quote, quote},
	}.summed()
}

// as gives a reservation an exposure; side is that of its last leg.
func as(r Reservation, side Side, x Exposure) Reservation {
	r.Kind, r.Exposure, r.Exchange, r.Swap, r.Settlements = ForTrade, x.Amount, x.Exchange, x.Swap(), x.Settlements
	r.Terms.Side, r.Terms.Amount, r.Terms.ValueDate = side, x.BaseAmount, x.ValueDate
	return r
}

// swap makes a reservation one of a swap of any two amounts, whose legs have the value dates nearOn and farOn.
func swap(t *rapid.T, r Reservation) Reservation {
	leg := func(name string, side Side, on fxdate.Date, addOn string) Exposure {
		base := decimal.NewFromInt(rapid.Int64Range(1, 100).Draw(t, name+" base"))
		return outright(side, on, base, decimal.New(rapid.Int64Range(50, 150).Draw(t, name+" rate"), -2), dec(addOn))
	}
	return as(r, r.Terms.Side, swapOf(leg("near", r.Terms.Side.opposite(), nearOn, "0.1"), leg("far", r.Terms.Side, farOn, "0.2")))
}

// dealtOf is a deal of the client with the agreement.
type dealtOf struct {
	side      Side // of the last leg
	near, far string
}

func (d dealtOf) exposure() Exposure {
	legs := []Exposure{}
	if d.near != "" {
		side := d.side
		if d.far != "" {
			side = d.side.opposite()
		}
		legs = append(legs, outright(side, nearOn, dec(d.near), one, dec("0.1")))
	}
	if d.far != "" {
		legs = append(legs, outright(d.side, farOn, dec(d.far), one, dec("0.2")))
	}
	if len(legs) == 1 {
		return legs[0]
	}
	return swapOf(legs[0], legs[1])
}

// bookWith returns a book with deals that are done, and the reservations.
func bookWith(t *testing.T, netted bool, deals ...dealtOf) (*Book, []Reservation) {
	t.Helper()
	b := emptyBook()
	var all []Reservation
	for i, d := range deals {
		r := as(reservation(4*i, 0), d.side, d.exposure())
		r.Terms.Netted = netted
		for _, set := range r.Terms.Sets(r.Path, []Settlement{{nearOn.Time(), one}, {farOn.Time(), one}}) {
			set.ValueDate = nearOn
			loadIfNew(b, set)
			set.ValueDate = farOn
			loadIfNew(b, set)
		}
		must(t, b.Record(r))
		all = append(all, r)
	}
	return b, all
}

func loadIfNew(b *Book, set Set) {
	if _, known := b.sets[set]; !known {
		b.LoadSet(set, Netting{})
	}
}

func usedBy(t *testing.T, b *Book) decimal.Decimal {
	t.Helper()
	u, err := b.Usage(Node{Client, nettedClient})
	must(t, err)
	return u.Used()
}

// The market is 1, the add-on 10 % on the near date and 20 % on the far date.
func TestEachLegOfANettedSwapIsInTheSetOfItsValueDate(t *testing.T) {
	t.Parallel()
	swapped := dealtOf{Sell, "100", "100"} // buys near, sells far
	for _, c := range []struct {
		rule        string
		deals       []dealtOf
		gross, want string
	}{
		{"a swap alone counts once, for its far leg", []dealtOf{swapped}, "20", "20"},
		{"an outright that offsets the far leg leaves the near leg", []dealtOf{swapped, {Buy, "", "100"}}, "40", "10"},
		{"an outright that offsets the near leg leaves the far leg", []dealtOf{swapped, {Sell, "100", ""}}, "30", "20"},
		{"outrights that offset both leave nothing", []dealtOf{swapped, {Buy, "", "100"}, {Sell, "100", ""}}, "50", "0"},
		{"an outright on the near date adds to the near leg", []dealtOf{swapped, {Buy, "100", ""}}, "30", "30"},
		{"the swap back leaves nothing", []dealtOf{swapped, {Buy, "100", "100"}}, "40", "0"},
		{"an uneven swap: the far leg offsets with its own amount", []dealtOf{{Sell, "150", "100"}, {Buy, "", "100"}}, "40", "15"},
		{"and the near leg with its own", []dealtOf{{Sell, "100", "150"}, {Sell, "100", ""}}, "40", "30"},
		{"the near leg of an uneven swap may count more", []dealtOf{{Sell, "300", "100"}}, "30", "30"},
	} {
		gross, _ := bookWith(t, false, c.deals...)
		netted, _ := bookWith(t, true, c.deals...)
		equal(t, c.rule+", without an agreement", usedBy(t, gross), c.gross)
		equal(t, c.rule, usedBy(t, netted), c.want)
	}
}

// In its netting sets a swap is what its two outrights are. It uses as much where its legs are offset, and never more.
func TestASwapIsItsTwoOutrightsInTheirSets(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		amount := func(name string) string { return decimal.NewFromInt(rapid.Int64Range(1, 100).Draw(rt, name)).String() }
		near, far := amount("near"), amount("far")
		side := rapid.SampledFrom([]Side{Buy, Sell}).Draw(rt, "side")
		var others []dealtOf
		for range rapid.IntRange(0, 4).Draw(rt, "others") {
			d := dealtOf{side: rapid.SampledFrom([]Side{Buy, Sell}).Draw(rt, "other side"), near: amount("other")}
			if rapid.Bool().Draw(rt, "on the far date") {
				d.near, d.far = "", d.near
			}
			others = append(others, d)
		}
		swapped, _ := bookWith(t, true, append(slices.Clone(others), dealtOf{side, near, far})...)
		outrights, _ := bookWith(t, true, append(slices.Clone(others), dealtOf{side.opposite(), near, ""}, dealtOf{side, "", far})...)
		same := cmp.Comparer(func(x, y decimal.Decimal) bool { return x.Equal(y) })
		if diff := cmp.Diff(maps.Clone(outrights.sets), maps.Clone(swapped.sets), same); diff != "" {
			rt.Fatalf("sets of the swap and of its outrights: %s", diff)
		}
		one, two := usedBy(t, swapped), usedBy(t, outrights)
		effect := swapped.effects[Agreement{Node{Client, nettedClient}, nettedClient, "EUR/USD"}]
		if one.GreaterThan(two) || !one.Equal(two) && !one.Equal(effect.Gross.Used()) {
			rt.Fatalf("the swap uses %s, its outrights %s: %+v", one, two, effect)
		}
	})
}

// A settled leg leaves its netting set, whichever comes first.
func TestASettledLegOfANettedSwapLeavesItsSet(t *testing.T) {
	t.Parallel()
	for leg, want := range map[int]string{1: "20", 2: "10"} {
		b, all := bookWith(t, true, dealtOf{Sell, "100", "100"}, dealtOf{Buy, "50", ""})
		equal(t, "before: half of the near leg is more", usedBy(t, b), "25")
		_, err := b.Settle(all[1].ID, 1)
		must(t, err)
		equal(t, "the swap alone", usedBy(t, b), "20")
		_, err = b.Settle(all[0].ID, leg)
		must(t, err)
		equal(t, "what the other leg is alone", usedBy(t, b), want)
		_, err = b.Settle(all[0].ID, 3-leg)
		must(t, err)
		equal(t, "nothing", usedBy(t, b), "0")
	}
}

// A client over its line may offset a leg of its swap. While such a deal is open it offsets nothing, so the usage is more until it is
// done.
func TestADealThatClosesALegOfASwapIsLetThrough(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule    string
		deal    dealtOf
		refused bool
	}{
		{"it offsets the far leg", dealtOf{Buy, "", "100"}, false},
		{"it offsets a part of the near leg", dealtOf{Sell, "60", ""}, false},
		{"it swaps back", dealtOf{Buy, "100", "100"}, false},
		{"it swaps more back on the near date than is open", dealtOf{Buy, "101", "100"}, true},
		{"and on the far date", dealtOf{Buy, "100", "101"}, true},
		{"it does the same again", dealtOf{Sell, "100", "100"}, true},
		{"it adds to the near leg", dealtOf{Buy, "1", ""}, true},
	} {
		b, all := bookWith(t, true, dealtOf{Sell, "100", "100"})
		x := c.deal.exposure()
		deal := as(all[0], c.deal.side, x)
		v, err := b.Check(Claim{Terms: deal.Terms, Exposure: x, Lines: linesOf(deal.Path, 19)})
		must(t, err)
		if (v.Refusal != nil) != c.refused {
			t.Errorf("%s: refusal %+v", c.rule, v.Refusal)
		}
	}
}

// A client whose maximum tenor was shortened may close what it has beyond it, with an agreement. Clip and settlement limit hold for
// every deal: the one is about a single order, the other about payments, which are not netted.
func TestADealThatReducesIsNotTooLong(t *testing.T) {
	t.Parallel()
	closing, more := dealtOf{Buy, "", "60"}, dealtOf{Sell, "", "1"}
	for _, c := range []struct {
		rule   string
		deal   dealtOf
		netted bool
		change func(*Line)
		want   reason.Code
	}{
		{"it closes a part", closing, true, func(*Line) {}, ""},
		{"it closes more than is open, and leaves less", dealtOf{Buy, "", "150"}, true, func(*Line) {}, ""},
		{"it turns the position and leaves as much", dealtOf{Buy, "", "200"}, true, func(*Line) {}, ""},
		{"it leaves more", dealtOf{Buy, "", "201"}, true, func(*Line) {}, reason.BeyondMaxTenor},
		{"it adds", more, true, func(*Line) {}, reason.BeyondMaxTenor},
		{"without an agreement nothing closes", closing, false, func(*Line) {}, reason.BeyondMaxTenor},
		{"above the clip", closing, true, func(l *Line) { l.Limit.Clip = nullable("59") }, reason.ClipExceeded},
		{"above the settlement limit", closing, true, func(l *Line) { l.Limit.Settlement = nullable("159") }, reason.SettlementExceeded},
	} {
		b, all := bookWith(t, true, dealtOf{Sell, "", "100"})
		x := c.deal.exposure()
		deal := as(all[0], c.deal.side, x)
		deal.Terms.Netted = c.netted
		lines := linesOf(deal.Path, 1000)
		for i := range lines {
			lines[i].LastDate = nearOn
			c.change(&lines[i])
			b.LoadSettled(Bucket{lines[i].Node, farOn.Time()}, decimal.Zero)
		}
		v, err := b.Check(Claim{Terms: deal.Terms, Exposure: x, Lines: lines})
		must(t, err)
		if got := codeOf(v.Refusal); got != c.want {
			t.Errorf("%s: refusal %q, want %q", c.rule, got, c.want)
		}
	}
}

func codeOf(r *Refusal) reason.Code {
	if r == nil {
		return ""
	}
	return r.Code
}

// What a line check covers of the settlements is not compared again. The legs keep their value dates all the same.
func TestTheLegsOfASwapHaveTheirDatesWhateverOfThemSettles(t *testing.T) {
	t.Parallel()
	x := dealtOf{Sell, "100", "100"}.exposure()
	for _, due := range [][]Settlement{x.Settlements, x.Settlements[:1], x.Settlements[1:], nil} {
		c := Claim{Terms: as(reservation(0, 0), Sell, x).Terms, Exposure: x}
		c.Terms.Netted, c.Exposure.Settlements = true, due
		legs := c.use().legs
		if len(legs) != 2 || legs[0].date != nearOn || legs[0].side != Buy || legs[1].date != farOn || legs[1].side != Sell {
			t.Errorf("with %v: %+v", due, legs)
		}
	}
}
