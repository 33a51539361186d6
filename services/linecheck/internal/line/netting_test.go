package line

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"fxcore/services/contract/reason"
)

func usage(reserved, consumed string) Usage {
	return Usage{Reserved: dec(reserved), Consumed: dec(consumed)}
}

// atOne returns deals whose amounts are their exposures, at a rate of 1.
func atOne(u Usage) Deals {
	return Deals{Sum{u.Reserved, flat(u.Reserved)}, Sum{u.Consumed, flat(u.Consumed)}}
}

func TestOpenReservationsOffsetNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule         string
		bought, sold Usage
		want         Usage
	}{
		{"one direction adds up", usage("3", "4"), usage("0", "0"), usage("3", "4")},
		{"consumed exposures offset each other", usage("0", "10"), usage("0", "4"), usage("0", "6")},
		{"in whichever direction is larger", usage("0", "4"), usage("0", "10"), usage("0", "6")},
		{"an open sale may never be dealt", usage("0", "10"), usage("4", "0"), usage("0", "10")},
		{"an open purchase adds to the larger side", usage("5", "10"), usage("0", "4"), usage("5", "6")},
		{"an open sale that turns the position counts with what it may become", usage("0", "10"), usage("25", "0"), usage("5", "10")},
		{"both open: the worse outcome", usage("7", "0"), usage("5", "0"), usage("7", "0")},
	} {
		got := Netting{Bought: atOne(c.bought), Sold: atOne(c.sold)}.Usage()
		if !got.Reserved.Equal(c.want.Reserved) || !got.Consumed.Equal(c.want.Consumed) {
			t.Errorf("%s: %v, want %v", c.rule, got, c.want)
		}
	}
}

// At one market rate outrights never use more with an agreement than without it. A swap's legs may be off the market in opposite
// directions, so that only the agreement shows what one of them loses: that loss counts on top.
func TestNettingNeverRaisesAndOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var deals []Reservation
		swaps := false
		for id := range rapid.IntRange(1, 8).Draw(t, "deals") {
			r := reservation(id*len(clients), rapid.Int64Range(0, 100).Draw(t, "exposure")) // all of the client with the agreement
			r.Kind = ForTrade
			r.Terms.Side = rapid.SampledFrom([]Side{Buy, Sell}).Draw(t, "side")
			r.Terms.ValueDate = date("2026-11-19").AddDays(rapid.IntRange(0, 1).Draw(t, "date"))
			switch rapid.IntRange(0, 2).Draw(t, "kind") {
			case 0:
				price(t, &r)
			case 1:
				r, swaps = swap(t, r), true
			}
			deals = append(deals, r)
		}
		consumed := rapid.SliceOfN(rapid.Bool(), len(deals), len(deals)).Draw(t, "consumed")
		order := rapid.Permutation(deals).Draw(t, "order")
		netted, other, gross := bookOf(t, deals, consumed, true), bookOf(t, order, nil, true), bookOf(t, deals, consumed, false)
		for i, r := range deals {
			if consumed[i] {
				mustResolve(t, other, r.ID, Consume)
			}
		}
		for _, n := range clients[0].Nodes() {
			a, b, most := netted.usage[n], other.usage[n], gross.usage[n]
			if swaps {
				most = most.plus(netted.effects[Agreement{n, nettedClient, "EUR/USD"}].Lost)
			}
			if !a.Reserved.Equal(b.Reserved) || !a.Consumed.Equal(b.Consumed) {
				t.Fatalf("%s: %v in one order, %v in another", n, a, b)
			}
			if a.Used().GreaterThan(most.Used()) || a.Consumed.GreaterThan(most.Consumed) {
				t.Fatalf("%s: netted %v, without an agreement %v", n, a, most)
			}
		}
	})
}

// price gives a deal a rate, at a market rate of 1 and an add-on of 10 %.
func price(t *rapid.T, r *Reservation) {
	base := decimal.NewFromInt(rapid.Int64Range(1, 100).Draw(t, "base"))
	rate := decimal.New(rapid.Int64Range(50, 150).Draw(t, "rate"), -2)
	owed := rate.Sub(one).Mul(base)
	if r.Terms.Side == Sell {
		owed = owed.Neg()
	}
	r.Terms.Amount, r.Exchange = base, Exchange{base, base.Mul(rate), base.Mul(rate)}
	r.Exposure = decimal.Max(decimal.Zero, owed).Add(base.Mul(dec("0.1")))
}

func bookOf(t *rapid.T, deals []Reservation, consumed []bool, netted bool) *Book {
	b := emptyBook()
	for i, r := range deals {
		r.Terms.Netted = netted
		for _, set := range r.Terms.Sets(r.Path, r.Settlements) {
			if _, known := b.sets[set]; !known {
				b.LoadSet(set, Netting{})
				if _, known := b.effects[set.Agreement()]; !known {
					b.LoadEffect(set.Agreement(), Effect{})
				}
			}
		}
		if err := b.Reserve(r); err != nil {
			t.Fatal(err)
		}
		if consumed != nil && consumed[i] {
			mustResolve(t, b, r.ID, Consume)
		}
	}
	mustBalance(t, b)
	return b
}

func mustResolve(t *rapid.T, b *Book, id string, step Step) {
	if _, err := b.Resolve(id, step); err != nil {
		t.Fatal(err)
	}
}

// A client whose line is exceeded after it bought sells the same: its exposure falls, so no line refuses.
func TestADealThatReducesIsLetThrough(t *testing.T) {
	t.Parallel()
	b := emptyBook()
	bought := reservation(0, 170)
	bought.Kind = ForTrade
	if err := b.Record(bought); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		rule     string
		side     Side
		exposure string
		netted   bool
		refused  bool
	}{
		{"it sells what it bought", Sell, "170", true, false},
		{"it sells a part", Sell, "1", true, false},
		{"it sells so much that the position turns and the line still is exceeded less", Sell, "300", true, false},
		{"it sells more than would leave it better", Sell, "341", true, true},
		{"it buys more", Buy, "1", true, true},
		{"without an agreement nothing is netted", Sell, "170", false, true},
	} {
		deal := reservation(12, 0)
		deal.Exposure, deal.Terms.Side, deal.Terms.Netted = dec(c.exposure), c.side, c.netted
		deal.Exchange = flat(deal.Exposure)
		v, err := b.Check(claimOf(deal, linesOf(deal.Path, 100)))
		if err != nil {
			t.Fatal(err)
		}
		if refused := v.Refusal != nil; refused != c.refused || refused && v.Refusal.Code != reason.LineExceeded {
			t.Errorf("%s: refusal %+v", c.rule, v.Refusal)
		}
	}
}

// The group's line is 0. It bears what the collateral of its clients does not cover.
func TestAGroupBearsWhatCollateralDoesNotCover(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule, used, other, exposure string
		before, after               string
		refused                     bool
	}{
		{"collateral covers it all", "0", "0", "20000", "0", "0", false},
		{"up to its value", "0", "0", "5000000", "0", "0", false},
		{"and not above", "4990000", "0", "10001", "0", "1", true},
		{"another client's rest counts", "0", "2000", "10", "1000", "1000", false},
	} {
		b := NewBook()
		b.LoadUsage(Node{Group, "G1"}, Usage{Consumed: dec(c.used).Add(dec(c.other))})
		b.LoadUsage(Node{Client, "C1"}, Usage{Consumed: dec(c.used)})
		b.LoadMember(Member{"G1", "C1"}, dec(c.used))
		b.LoadMember(Member{"G1", "C2"}, dec(c.other))
		lines := []Line{
			{Node: Node{Group, "G1"}, Pledged: []Pledge{{"C1", dec("5000000")}, {"C2", dec("1000")}}},
			{Node: Node{Client, "C1"}, Collateral: dec("6000000")},
		}
		v, err := b.Check(Claim{Exposure: Exposure{Amount: dec(c.exposure)}, Lines: lines})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, c.rule+": before", v.Standings[0].Before, c.before)
		equal(t, c.rule+": after", v.Standings[0].After, c.after)
		if (v.Refusal != nil) != c.refused {
			t.Errorf("%s: refusal %+v", c.rule, v.Refusal)
		}
	}
}

// A trade that takes a check over moves its exposure: no line ever carries both.
func TestATradeAndItsCheckUseTheLineOnce(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"30", "10", "0.01"} {
		b := emptyBook()
		check := reservation(1, 30)
		check.Exposure = dec("100")
		if err := b.Reserve(check); err != nil {
			t.Fatal(err)
		}
		trade := reservation(5, 1)
		trade.Kind, trade.Exposure, trade.From = ForTrade, dec("0"), Source{ID: check.ID, Part: dec(part)}
		r, err := b.TakeOver(trade, Use)
		if err != nil {
			t.Fatal(err)
		}
		u, _ := b.Usage(Node{Client, "C2"})
		if over := u.Used().Sub(dec("100")); over.IsNegative() || over.GreaterThan(dec("0.01")) {
			t.Errorf("%s of 30: the line carries %s, not 100", part, u.Used())
		}
		want := dec("100").Mul(dec(part)).DivRound(dec("30"), 20).RoundUp(2)
		if !r.Exposure.Equal(want) || r.State != Reserved || !r.Open.Equal(r.Terms.Amount) {
			t.Errorf("%s of 30: the trade has %s, want %s: %+v", part, r.Exposure, want, r)
		}
	}
}

func TestSharesOfAReservationAreRoundedUp(t *testing.T) {
	t.Parallel()
	r := Reservation{Terms: Terms{Amount: dec("3")}, Exposure: dec("1"), Open: dec("1"), Taken: dec("2"), Settlements: []Settlement{{start, dec("10")}}}
	if got := fmt.Sprint(r.Used(), r.Receivables()[0].Amount); got != "{0.34 0.67} 10" {
		t.Error(got)
	}
	r.Open = decimal.Zero
	if got := fmt.Sprint(r.Used(), r.Receivables()[0].Amount); got != "{0 0.67} 6.67" {
		t.Error(got)
	}
}

// A provider's word offsets nothing: if what a check has consumed did, a phantom sale would free the line for a purchase, and its
// reversal would leave the line exceeded.
func TestWhatACheckHasConsumedOffsetsNothing(t *testing.T) {
	t.Parallel()
	b := emptyBook()
	bought, phantom := reservation(0, 100), reservation(4, 100)
	bought.Kind, phantom.Terms.Side = ForTrade, Sell
	if err := b.Record(bought); err != nil {
		t.Fatal(err)
	}
	if err := b.Reserve(phantom); err != nil {
		t.Fatal(err)
	}
	for _, step := range []Step{Consume, Reverse} {
		if _, err := b.Resolve(phantom.ID, step); err != nil {
			t.Fatal(err)
		}
		if u, _ := b.Usage(Node{Client, nettedClient}); !u.Used().Equal(dec("100")) {
			t.Errorf("after the phantom sale's %s: the line carries %s, not 100", step, u.Used())
		}
	}
}
