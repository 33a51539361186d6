package desk_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"fxcore/scripts/internal/desk"
)

var now = time.Date(2026, 11, 22, 3, 4, 5, 0, time.UTC) // a Sunday night: the desk trades at any time

func open(t *testing.T, seed uint64) *desk.Desk {
	t.Helper()
	d, err := desk.New("ALPHA-1-", seed)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func next(t *testing.T, d *desk.Desk) desk.Request {
	t.Helper()
	r, err := d.Next(now)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTheSameSeedGivesTheSameRequests(t *testing.T) {
	one, two, other := open(t, 1), open(t, 1), open(t, 2)
	differ := false
	for range 200 {
		a, b, c := next(t, one), next(t, two), next(t, other)
		if diff := cmp.Diff(a, b); diff != "" {
			t.Fatal(diff)
		}
		differ = differ || !cmp.Equal(a, c)
	}
	if !differ {
		t.Error("another seed gives the same requests")
	}
}

func TestTheDayHasAllKindsAndAFewMistakes(t *testing.T) {
	d := open(t, 7)
	kinds, products, flawed := map[desk.Kind]int{}, map[string]int{}, 0
	for range 2_000 {
		r := next(t, d)
		kinds[r.Kind]++
		products[product(r)]++
		if r.Flawed {
			flawed++
		} else if r.Kind == desk.Reserve {
			d.Approved(r)
		}
	}
	for kind := desk.Order; kind <= desk.Cancel; kind++ {
		if kinds[kind] < 20 {
			t.Errorf("kind %d: %d of 2000", kind, kinds[kind])
		}
	}
	for _, p := range []string{"spot", "forward", "swap"} {
		if products[p] < 100 {
			t.Errorf("%s: %d of 2000", p, products[p])
		}
	}
	if flawed < 40 || flawed > 160 {
		t.Errorf("%d of 2000 have a mistake, want about 80", flawed)
	}
}

func product(r desk.Request) string {
	switch {
	case r.Swap():
		return "swap"
	case r.Near.Settlement == "0":
		return "spot"
	}
	return "forward"
}

func TestARequestWithoutMistakeIsWhole(t *testing.T) {
	d := open(t, 3)
	references := map[string]bool{}
	for range 1_000 {
		r := next(t, d)
		if r.Flawed {
			continue
		}
		if references[r.Reference] {
			t.Fatalf("reference %s is used twice", r.Reference)
		}
		references[r.Reference] = true
		if amount, err := decimal.NewFromString(r.Amount); err != nil || !amount.IsPositive() || r.Pair[:3] != r.Currency {
			t.Fatalf("amount %q of %s in %s", r.Amount, r.Currency, r.Pair)
		}
		if r.Kind == desk.Reserve {
			continue
		}
		legs := []desk.Leg{r.Near}
		if r.Swap() {
			legs = append(legs, r.Far)
		}
		for _, leg := range legs {
			if rate, err := decimal.NewFromString(leg.Rate); err != nil || !rate.IsPositive() {
				t.Fatalf("rate %q in %+v", leg.Rate, r)
			}
		}
	}
}

func TestAReservationIsResolvedUnderANewReference(t *testing.T) {
	d := open(t, 5)
	made := map[string]bool{}
	resolved := 0
	for range 2_000 {
		r := next(t, d)
		switch r.Kind {
		case desk.Reserve:
			if !r.Flawed {
				made[r.Reference] = true
				d.Approved(r)
			}
		case desk.Consume, desk.Cancel:
			if !made[r.Target] || made[r.Reference] {
				t.Fatalf("resolves %q under %q", r.Target, r.Reference)
			}
			delete(made, r.Target)
			resolved++
		case desk.Order, desk.Report, desk.Reverse:
		}
	}
	if resolved == 0 {
		t.Error("nothing was resolved")
	}
}

// The first request of the day, too, which may have a mistake.
func TestEveryRequestHasAReference(t *testing.T) {
	for seed := range uint64(150) {
		if r := next(t, open(t, seed)); r.Reference != "ALPHA-1-1" {
			t.Fatalf("seed %d: %+v", seed, r)
		}
	}
}
