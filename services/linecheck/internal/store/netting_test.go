package store_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/shopspring/decimal"

	"fxcore/services/linecheck/internal/line"
)

// The database recomputes with the formula that decides. Both are exact.
func TestTheDatabaseNetsAsTheCoreDoes(t *testing.T) {
	pool := schema(t)
	draw := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same cases every time
	amount := func() decimal.Decimal { return decimal.New(draw.Int64N(300_000_000), -2) }
	deals := func() line.Deals {
		sum := func() line.Sum {
			if draw.IntN(5) == 0 {
				return line.Sum{}
			}
			base := amount()
			quote := base.Mul(decimal.New(100+draw.Int64N(30), -2)).Round(2)
			return line.Sum{Exposure: amount(), Exchange: line.Exchange{Base: base, Quote: quote, Value: quote.Mul(decimal.New(7, -1)).Round(2)}}
		}
		return line.Deals{Done: sum()}
	}
	for range 300 {
		bought, sold := deals(), deals()
		var got decimal.Decimal
		err := pool.QueryRow(t.Context(), "select netted_use($1::text::deal_sum, $2::text::deal_sum)", text(bought.Done), text(sold.Done)).Scan(&got)
		set := line.Netting{Bought: bought, Sold: sold}
		if want := set.Usage().Consumed; err != nil || !got.Equal(want) {
			t.Fatalf("%v and %v: the database nets to %s, the core to %s; %v", bought.Done, sold.Done, got, want, err)
		}
		err = pool.QueryRow(t.Context(), "select netted_lost($1::text::deal_sum, $2::text::deal_sum)", text(bought.Done), text(sold.Done)).Scan(&got)
		if want := set.Lost().Consumed; err != nil || !got.Equal(want) {
			t.Fatalf("%v and %v: the database loses %s, the core %s; %v", bought.Done, sold.Done, got, want, err)
		}
		e := line.Effect{Sets: set.Usage(), Lost: set.Lost(), Gross: line.Usage{Consumed: amount()}}
		err = pool.QueryRow(t.Context(), "select netted_counted($1::text::numeric, $2::text::numeric, $3::text::numeric)",
			e.Sets.Consumed.String(), e.Lost.Consumed.String(), e.Gross.Consumed.String()).Scan(&got)
		if want := e.Usage().Consumed; err != nil || !got.Equal(want) {
			t.Fatalf("%+v: the database counts %s, the core %s; %v", e, got, want, err)
		}
	}
}

func text(s line.Sum) string {
	return fmt.Sprintf("(%s,%s,%s,%s)", s.Exposure, s.Base, s.Quote, s.Value)
}
