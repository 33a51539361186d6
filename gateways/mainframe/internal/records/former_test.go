package records

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
)

// Bytes by which this release made the rows of pairs and quotes longer.
const (
	pairGrew  = 7 + 4
	quoteGrew = 20 + 26
)

var (
	asOf  = time.Date(2026, 11, 24, 10, 15, 0, 0, time.UTC)
	eur   = Pair{Name: "EUR/USD", SpotLag: 2, RateDecimals: 5, PointsFactor: 10000, HalfSpread: decimal.RequireFromString("0.000030"), Band: 15}
	pln   = Pair{Name: "EUR/PLN", SpotLag: 2, RateDecimals: 5, PointsFactor: 10000, HalfSpread: decimal.RequireFromString("0.000250"), Band: 3}
	offer = Quote{ID: "Q1", Pair: "EUR/USD", Product: "spot", Side: "buy", Currency: "EUR", Tenor: "SPOT", ValidUntil: asOf.Add(time.Minute)}
)

// rowOf returns a row without its last bytes.
func rowOf[T any](t testing.TB, kind Kind[T], record T, without int) []byte {
	t.Helper()
	b, err := kind.Append(nil, record)
	if err != nil {
		t.Fatal(err)
	}
	return b[:len(b)-without]
}

// A host of the release before sends shorter rows, also between rows of other types. What they lack is absent.
func TestRowsOfAHostOfTheReleaseBeforeAreRead(t *testing.T) {
	l := layouts(t)
	head := rowOf(t, l.ListAnswer, ListAnswer{Set: "pairs", Version: 1, AsOf: asOf, Total: 3}, 0)
	roll := rowOf(t, l.Roll, Roll{Pair: "EUR/USD", From: asOf.Truncate(24 * time.Hour), At: "07:00", Zone: "Pacific/Auckland"}, 0)
	body := append(head, rowOf(t, l.Pair, eur, pairGrew)...)
	body = append(body, roll...)
	body = append(body, rowOf(t, l.Pair, pln, pairGrew)...)
	body = append(body, rowOf(t, l.Quote, offer, quoteGrew)...)
	all, err := l.Split(body, 5)
	if err != nil {
		t.Fatal(err)
	}
	first, err1 := l.Pair.Decode(all[1])
	second, err2 := l.Pair.Decode(all[3])
	quote, err3 := l.Quote.Decode(all[4])
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Pair{eur, pln}, []Pair{first, second}); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(offer, quote); diff != "" {
		t.Error(diff)
	}
}

// What this release adds survives the wire.
func TestTheAddedFieldsAreRead(t *testing.T) {
	l := layouts(t)
	pair, own := eur, offer
	pair.PointsSpread, pair.ClientBand = decimal.NewNullDecimal(decimal.RequireFromString("0.000040")), decimal.NewNullDecimal(decimal.RequireFromString("2.5"))
	own.Provider, own.Published = "ALPHA", asOf
	all, err := l.Split(append(rowOf(t, l.Pair, pair, 0), rowOf(t, l.Quote, own, 0)...), 2)
	if err != nil {
		t.Fatal(err)
	}
	gotPair, err1 := l.Pair.Decode(all[0])
	gotQuote, err2 := l.Quote.Decode(all[1])
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(pair, gotPair) + cmp.Diff(own, gotQuote); diff != "" {
		t.Error(diff)
	}
}

// A row is whole in one of the two releases, and all rows of a body are of the same.
func TestRowsOfNoReleaseAreRefused(t *testing.T) {
	l := layouts(t)
	whole, former := rowOf(t, l.Pair, eur, 0), rowOf(t, l.Pair, eur, pairGrew)
	for name, body := range map[string][]byte{
		"one of each":             append(whole[:len(whole):len(whole)], former...),
		"the former one first":    append(former[:len(former):len(former)], whole...),
		"half of the added field": append(former[:len(former):len(former)], append(former[:len(former):len(former)], 0xf0, 0xf0)...),
		"a former one cut off":    append(former[:len(former):len(former)], former[:len(former)-1]...),
	} {
		if all, err := l.Split(body, 2); err == nil {
			t.Errorf("%s: %d rows", name, len(all))
		}
	}
}
