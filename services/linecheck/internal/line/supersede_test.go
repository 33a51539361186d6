package line

import (
	"errors"
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// registered returns a book of trades that are registered.
func registered(t *rapid.T, deals []Reservation) *Book {
	consumed := make([]bool, len(deals))
	for i := range consumed {
		consumed[i] = true
	}
	return bookOf(t, deals, consumed, true)
}

// trades draws trades of the client with a netting agreement, outrights and swaps, and of one without.
func trades(t *rapid.T) []Reservation {
	var all []Reservation
	for id := range rapid.IntRange(1, 6).Draw(t, "trades") {
		r := reservation(id, rapid.Int64Range(0, 100).Draw(t, "exposure"))
		r.Kind = ForTrade
		r.Terms.Side = rapid.SampledFrom([]Side{Buy, Sell}).Draw(t, "side")
		if r.Terms.Netted && rapid.Bool().Draw(t, "swap") {
			r = swap(t, r)
		}
		all = append(all, r)
	}
	return all
}

// amountsOf divides an amount at random. The ids of the parts begin with a name.
func amountsOf(t *rapid.T, whole decimal.Decimal, name string) (amounts []decimal.Decimal, ids []string) {
	rest := whole
	for i := rapid.IntRange(1, 4).Draw(t, "cuts"); i > 0; i-- {
		part := whole.Mul(decimal.New(rapid.Int64Range(1, 30).Draw(t, "percent"), -2)).Round(3)
		if part.IsPositive() && part.LessThan(rest) {
			amounts, rest = append(amounts, part), rest.Sub(part)
		}
	}
	amounts = append(amounts, rest)
	for range amounts {
		ids = append(ids, fmt.Sprintf("%s/%d", name, len(ids)))
	}
	return amounts, ids
}

// A split changes nothing on any line, to the cent, netted or not, however often it is done; and the sums stay those of the reservations.
func TestASplitLeavesEveryLineAsItIs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		deals := trades(t)
		b := registered(t, deals)
		before := map[Node]Usage{}
		for n, u := range b.usage {
			before[n] = u
		}
		whole := deals[0]
		for range rapid.IntRange(1, 3).Draw(t, "splits") {
			whole, _ = b.Reservation(whole.ID)
			amounts, ids := amountsOf(t, whole.Terms.Amount, whole.ID)
			parts, err := whole.Parts(ids, amounts)
			if errors.Is(err, ErrTooSmall) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := b.Supersede([]string{whole.ID}, parts); err != nil {
				t.Fatal(err)
			}
			mustBalance(t, b)
			whole = parts[0]
		}
		for n, u := range b.usage {
			if !u.Reserved.Equal(before[n].Reserved) || !u.Consumed.Equal(before[n].Consumed) {
				t.Fatalf("%s carries %v, and %v before", n, u, before[n])
			}
		}
	})
}

// What ends is gone, and what begins counts, whatever it is.
func TestWhatBeginsCountsInPlaceOfWhatEnds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		deals := trades(t)
		b := registered(t, deals)
		n := rapid.IntRange(1, len(deals)).Draw(t, "ended")
		var ended []string
		var begun []Reservation
		for i, r := range deals[:n] {
			ended = append(ended, r.ID)
			r.ID, r.Exposure = "new-"+r.ID, decimal.NewFromInt(rapid.Int64Range(0, 300).Draw(t, "exposure"))
			r.Terms.Netted = true // as bookOf has them
			if i%2 == 0 {
				begun = append(begun, r)
			}
		}
		if err := b.Supersede(ended, begun); err != nil {
			t.Fatal(err)
		}
		mustBalance(t, b)
		for _, id := range ended {
			if r, _ := b.Reservation(id); r.State != Superseded || !r.Used().Used().IsZero() {
				t.Fatalf("%+v", r)
			}
		}
		if err := b.Supersede(ended, nil); err == nil {
			t.Fatal("twice")
		}
	})
}

// Whatever is wrong, nothing has happened.
func TestARefusedChangeLeavesTheBookAsItIs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		deals := trades(t)
		b := registered(t, deals)
		first, other := deals[0], deals[0]
		other.ID = "new"
		stranger := other
		stranger.Path.Client, stranger.ID = "nobody", "stranger"
		for what, c := range map[string]struct {
			ended []string
			begun []Reservation
			want  error
		}{
			"an unknown trade":             {[]string{first.ID, "unknown"}, nil, ErrUnknown},
			"an id that is there":          {[]string{first.ID}, []Reservation{other, first}, ErrExists},
			"the same id twice":            {[]string{first.ID}, []Reservation{other, other}, ErrExists},
			"of a client that is not here": {[]string{first.ID}, []Reservation{other, stranger}, ErrNotLoaded},
		} {
			if err := b.Supersede(c.ended, c.begun); !errors.Is(err, c.want) {
				t.Fatalf("%s: %v", what, err)
			}
			if r, _ := b.Reservation(first.ID); r.State != Consumed || b.Loaded() != len(deals) {
				t.Fatalf("%s: %s", what, r.State)
			}
			mustBalance(t, b)
		}
	})
}

func TestPartsHaveToAddUp(t *testing.T) {
	t.Parallel()
	r := reservation(1, 100)
	for what, amounts := range map[string][]string{"too little": {"40", "59"}, "too much": {"40", "61"}, "nothing": {"100", "0"}, "less than nothing": {"101", "-1"}} {
		var parts []decimal.Decimal
		for _, a := range amounts {
			parts = append(parts, dec(a))
		}
		if _, err := r.Parts([]string{"a", "b"}, parts); err == nil {
			t.Errorf("%s: %v", what, amounts)
		}
	}
}

// Parts that become one again use what the whole used, on every line and by every figure.
func TestPartsComeTogetherAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := registered(t, trades(t))
		whole, _ := b.Reservation("0")
		amounts, ids := amountsOf(t, whole.Terms.Amount, whole.ID)
		parts, err := whole.Parts(ids, amounts)
		if errors.Is(err, ErrTooSmall) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		one, err := Together("one", rapid.Permutation(parts).Draw(t, "order"))
		if err != nil {
			t.Fatal(err)
		}
		for what, pair := range map[string][2]decimal.Decimal{
			"amount": {one.Terms.Amount, whole.Terms.Amount}, "exposure": {one.Exposure, whole.Exposure}, "receivable": {one.Settlements[0].Amount, whole.Settlements[0].Amount},
			"base": {one.Exchange.Base, whole.Exchange.Base}, "value": {one.Exchange.Value, whole.Exchange.Value}, "near": {one.Swap.Near.Exposure, whole.Swap.Near.Exposure}, "far": {one.Swap.Far, whole.Swap.Far},
		} {
			if !pair[0].Equal(pair[1]) {
				t.Fatalf("%s: %s, of the whole %s", what, pair[0], pair[1])
			}
		}
		if err := errors.Join(b.Supersede([]string{whole.ID}, parts), b.Supersede(ids, []Reservation{one})); err != nil {
			t.Fatal(err)
		}
		mustBalance(t, b)
	})
}

// Each row: what differs.
func TestOnlyDealsOfOneKindComeTogether(t *testing.T) {
	t.Parallel()
	for what, change := range map[string]func(*Reservation){
		"client":     func(r *Reservation) { r.Path.Client = "C9" },
		"dealer":     func(r *Reservation) { r.Path.Dealer = "U9" },
		"pair":       func(r *Reservation) { r.Terms.Pair = "EUR/GBP" },
		"side":       func(r *Reservation) { r.Terms.Side = r.Terms.Side.opposite() },
		"value date": func(r *Reservation) { r.Terms.ValueDate++ },
		"agreement":  func(r *Reservation) { r.Terms.Netted = !r.Terms.Netted },
		"settled":    func(r *Reservation) { r.Settled[0] = true },
		"pays on":    func(r *Reservation) { r.Settlements = []Settlement{{start.AddDate(0, 0, 1), dec("1")}} },
	} {
		one, other := reservation(1, 100), reservation(1, 40)
		if _, err := Together("x", []Reservation{one, other}); err != nil {
			t.Fatal(err)
		}
		change(&other)
		if _, err := Together("x", []Reservation{one, other}); !errors.Is(err, ErrDiffer) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
