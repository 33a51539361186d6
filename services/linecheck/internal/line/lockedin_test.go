package line

import (
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// dealt is the sum of one direction: its exposure, and its base amount at a rate. value is the rate of the quote currency in
// dollars.
func dealt(exposure, base, rate, value string) Sum {
	quote := dec(base).Mul(dec(rate))
	return Sum{dec(exposure), Exchange{dec(base), quote, quote.Mul(dec(value)).Round(2)}}
}

// A client that bought at 1.10 and sold at 1.05 has no euros to come, but owes 50,000 dollars: nothing takes that away.
func TestALossThatIsLockedInIsOwed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule         string
		bought, sold Sum
		want         string
	}{
		{"closed at a loss", dealt("62700", "1000000", "1.10", "1"), dealt("59850", "1000000", "1.05", "1"), "50000"},
		{"sold first, and closed at a loss", dealt("62700", "1000000", "1.10", "1"), dealt("59850", "1000000", "1.05", "1"), "50000"},
		{"closed at the same rate", dealt("62700", "1000000", "1.10", "1"), dealt("62700", "1000000", "1.10", "1"), "0"},
		{"closed at a gain: the bank owes", dealt("59850", "1000000", "1.05", "1"), dealt("62700", "1000000", "1.10", "1"), "0"},
		{"a third closed: two thirds stay, and the loss", dealt("188100", "3000000", "1.10", "1"), dealt("59850", "1000000", "1.05", "1"), "175400"},
		{"a third closed at a gain, which is not set off", dealt("188100", "3000000", "1.10", "1"), dealt("65550", "1000000", "1.15", "1"), "125400"},
		{"closed and turned: what is sold short, and the loss", dealt("62700", "1000000", "1.10", "1"), dealt("179550", "3000000", "1.05", "1"), "169700"},
		{"a loss above both exposures counts in full", dealt("100", "1000000", "1.10", "1"), dealt("100", "1000000", "0.90", "1"), "200000"},
		// 10 m yen at the average of 1/150 and 1/140 dollars, by amounts: 10 m · 2 m / 290 m
		{"in yen", dealt("57000", "1000000", "150", "0.00666666667"), dealt("57000", "1000000", "140", "0.00714285714"), "68965.52"},
		{"one direction alone", dealt("57000", "1000000", "1.10", "1"), Sum{}, "57000"},
		{"nothing", Sum{}, Sum{}, "0"},
	} {
		equal(t, c.rule, left(c.bought, c.sold), c.want)
	}
}

// What may be dealt counts with the worst that it may lead to.
func TestAnOpenDealThatWouldLockALossInCountsWithIt(t *testing.T) {
	t.Parallel()
	bought := Deals{Done: dealt("20000", "1000000", "1.10", "1")}
	for rule, c := range map[string]struct {
		open Sum
		want string
	}{
		"a small loss: the worse is that it is not dealt": {dealt("20000", "1000000", "1.09", "1"), "20000"},
		"a large loss: the worse is that it is dealt":     {dealt("20000", "1000000", "1.05", "1"), "50000"},
	} {
		u := Netting{Bought: bought, Sold: Deals{Open: c.open}}.Usage()
		equal(t, rule, u.Used(), c.want)
		equal(t, rule+": the part that is done", u.Consumed, "20000")
	}
}

// The loss that the client has fixed by its deals in both directions is always counted, whatever their order.
func TestASetNeverUsesLessThanTheClientOwes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var n Netting
		balance := map[Side]Exchange{}
		for range rapid.IntRange(1, 8).Draw(t, "deals") {
			r := Reservation{Kind: ForTrade, Terms: Terms{Pair: "EUR/USD", Currency: "EUR", Side: rapid.SampledFrom([]Side{Buy, Sell}).Draw(t, "side")}}
			price(t, &r)
			x := balance[r.Terms.Side]
			balance[r.Terms.Side] = Exchange{x.Base.Add(r.Exchange.Base), x.Quote.Add(r.Exchange.Quote), x.Value}
			n = n.plus(r.Terms.Side, Deals{Done: Sum{r.Exposure, r.Exchange}})
		}
		bought, sold := balance[Buy], balance[Sell]
		if bought.Base.IsZero() || sold.Base.IsZero() {
			return
		}
		matched := decimal.Min(bought.Base, sold.Base)
		paid, received := bought.Quote.Mul(matched).DivRound(bought.Base, 6), sold.Quote.Mul(matched).DivRound(sold.Base, 6)
		if owes := paid.Sub(received); n.Usage().Consumed.LessThan(owes.RoundDown(4)) {
			t.Fatalf("uses %v, the client owes %s", n.Usage(), owes)
		}
	})
}

// A client over its line may close what it has, also at a loss: the loss is made already, and it ends. It may not fix a loss at a
// price far from the market, nor sell more than it has.
func TestADealThatOnlyClosesIsLetThrough(t *testing.T) {
	t.Parallel()
	b := emptyBook()
	bought := reservation(0, 60)
	bought.Kind, bought.Terms.Amount, bought.Exchange = ForTrade, dec("1000"), Exchange{dec("1000"), dec("1100"), dec("1100")}
	if err := b.Record(bought); err != nil {
		t.Fatal(err)
	}
	for rule, c := range map[string]struct {
		base, quote, exposure, owed string
		refused                     bool
	}{
		"all of it, at a loss of 200":        {"1000", "900", "57", "0", false},
		"a part, at a loss":                  {"500", "450", "28", "0", false},
		"at half a spread below the market":  {"1000", "899", "58", "1", false},
		"at a price far below the market":    {"1000", "800", "157", "100", true},
		"more than it has, at a loss of 200": {"1001", "900.9", "57", "0", true},
	} {
		deal := reservation(12, 0)
		deal.Terms.Side = Sell
		claim := claimOf(deal, linesOf(deal.Path, 50))
		claim.Exposure = Exposure{Amount: dec(c.exposure), MarkToMarket: dec(c.owed), Exchange: Exchange{dec(c.base), dec(c.quote), dec(c.quote)}}
		v, err := b.Check(claim)
		if err != nil {
			t.Fatal(err)
		}
		if (v.Refusal != nil) != c.refused {
			t.Errorf("%s: refusal %+v", rule, v.Refusal)
		}
	}
}
