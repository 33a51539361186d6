package line

import (
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// The client has bought 50 and checks a purchase of 40. It reports a sale, or another purchase, that names the check.
func TestATradeIsJudgedWithoutThePartOfItsCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule          string
		side          Side
		amount, after int64
	}{
		{"a purchase of as much", Buy, 40, 90},
		{"a larger one", Buy, 60, 110},
		{"a smaller one", Buy, 10, 60},
		{"a sale offsets nothing while it is open", Sell, 40, 50},
		{"a sale that turns the position counts what it leaves", Sell, 170, 120},
	} {
		b := emptyBook()
		done, check, trade := reservation(0, 50), reservation(4, 40), reservation(8, c.amount)
		check.Terms.Side, trade.Terms.Side, trade.From = Buy, c.side, Source{ID: check.ID, Part: dec("40")}
		done.Kind, trade.Kind = ForTrade, ForTrade
		must(t, b.Record(done))
		must(t, b.Reserve(check))
		for _, free := range []int64{-1, 0} { // room after the trade
			v, err := b.CheckInstead(claimOf(trade, linesOf(trade.Path, c.after+free)), trade, Report)
			must(t, err)
			if more := c.after > 90; (v.Refusal != nil) != (more && free < 0) {
				t.Errorf("%s, on a line of %d: %+v", c.rule, c.after+free, v.Refusal)
			}
			equal(t, c.rule+", before", v.Standings[0].Before, "90")
			equal(t, c.rule+", after", v.Standings[0].After, decimal.NewFromInt(c.after).String())
		}
		equal(t, "the line carries what it did", usedBy(t, b), "90")
		_, err := b.Displace(trade, Report)
		must(t, err)
		equal(t, c.rule+", done", usedBy(t, b), decimal.NewFromInt(c.after).String())
	}
}

// Whatever the client has open and done: what is judged is what its lines carry afterwards.
func TestATradeIsJudgedByWhatItsLinesCarryAfterwards(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		drawn := func(id int) Reservation {
			r := reservation(id*len(clients), 1)
			r.Terms.Side = rapid.SampledFrom([]Side{Buy, Sell}).Draw(rt, "side")
			price(rt, &r)
			r.Settlements[0].Amount = r.Exchange.Value
			return r
		}
		b := emptyBook()
		for id := range rapid.IntRange(0, 4).Draw(rt, "deals") {
			r := drawn(id + 2)
			r.Kind = ForTrade
			if rapid.Bool().Draw(rt, "done") {
				must(t, b.Record(r))
			} else {
				must(t, b.Reserve(r))
			}
		}
		check, trade := drawn(0), drawn(1)
		must(t, b.Reserve(check))
		if rapid.Bool().Draw(rt, "consumed") {
			mustResolve(rt, b, check.ID, Consume)
		}
		part := decimal.NewFromInt(rapid.Int64Range(1, check.Terms.Amount.IntPart()).Draw(rt, "part"))
		trade.Kind, trade.From = ForTrade, Source{ID: check.ID, Part: part}
		before, err := b.Stand(linesOf(trade.Path, 0))
		must(t, err)
		claim := claimOf(trade, linesOf(trade.Path, 0))
		differs := trade.Terms.Side != check.Terms.Side
		if !differs {
			claim.Exposure.Amount, claim.Exposure.Settlements = check.Covers(part, trade.Exposure, trade.Settlements)
		}
		v, err := b.CheckInstead(claim, trade, Report)
		must(t, err)
		if differs {
			_, err = b.Displace(trade, Report)
		} else {
			_, err = b.TakeOver(trade, Report)
		}
		must(t, err)
		after, err := b.Stand(linesOf(trade.Path, 0))
		must(t, err)
		for i, s := range v.Standings {
			if !s.Before.Equal(before[i].Before) || !s.After.Equal(after[i].Before) {
				rt.Fatalf("%s: judged %s to %s, carried %s and carries %s", s.Line.Node, s.Before, s.After, before[i].Before, after[i].Before)
			}
		}
		mustBalance(rt, b)
	})
}

// Receivables are compared with a settlement limit only on a date on which the trade is to receive more than its part of the check.
func TestATradeIsToReceiveNoMoreThanItsCheck(t *testing.T) {
	t.Parallel()
	for amount, refused := range map[int64]bool{39: false, 40: false, 41: true} {
		b := emptyBook()
		others, check, trade := reservation(1, 100), reservation(5, 40), reservation(9, amount)
		trade.Terms.Side, trade.From = check.Terms.Side, Source{ID: check.ID, Part: dec("40")}
		must(t, b.Reserve(others))
		must(t, b.Reserve(check))
		lines := linesOf(trade.Path, 1000)
		for i := range lines { // lowered after the check
			lines[i].Limit.Settlement = nullable("120")
			b.LoadSettled(Bucket{lines[i].Node, start}, decimal.Zero)
		}
		v, err := b.CheckInstead(claimOf(trade, lines), trade, Report)
		must(t, err)
		if (v.Refusal != nil) != refused {
			t.Errorf("%d instead of 40: %+v", amount, v.Refusal)
		}
	}
}
