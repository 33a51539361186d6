package catalogue

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/internal/records"
	"fxcore/gateways/mainframe/simulator/demo"
)

var sets = []string{
	"accounts", "agreements", "balancing", "calendars", "clients", "clock", "currencies", "desks", "groups", "holdings", "lines", "nostros", "pairs",
	"points", "providers", "quotes", "rates", "risk", "users",
}

// fakeBooks has one account with a balance, and a business day.
type fakeBooks struct {
	balance decimal.Decimal
	changes int
	day     time.Time
	offset  int
}

func (b *fakeBooks) Balances() (map[string]decimal.Decimal, int) {
	return map[string]decimal.Decimal{"C000001-EUR": b.balance}, b.changes
}
func (b *fakeBooks) Changes() int            { return b.changes }
func (b *fakeBooks) Today() (time.Time, int) { return b.day, b.offset }

func open(t *testing.T, started time.Time) (*Catalogue, *records.Layouts) {
	t.Helper()
	return openWith(t, started, &fakeBooks{day: started.Truncate(24 * time.Hour)})
}

func openWith(t *testing.T, started time.Time, books *fakeBooks) (*Catalogue, *records.Layouts) {
	t.Helper()
	layouts, err1 := records.NewLayouts()
	bank, err2 := demo.NewBank(demo.Seed)
	market, err3 := demo.NewMarket(demo.Seed)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	c, err := New(layouts, Sources{Bank: bank, Market: market, Balances: books, Days: books}, started)
	if err != nil {
		t.Fatal(err)
	}
	return c, layouts
}

func list(t *testing.T, c *Catalogue, set string, at time.Time) Listing {
	t.Helper()
	l, err := c.List(set, at)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

var noon = time.Date(2026, 11, 22, 12, 0, 1, 0, time.UTC)

func TestEverySetHasRecordsThatCanBeSplit(t *testing.T) {
	c, layouts := open(t, noon)
	for _, set := range sets {
		l := list(t, c, set, noon.Add(time.Minute))
		var body []byte
		for _, r := range l.Records {
			body = append(body, r...)
		}
		if _, err := layouts.Split(body, len(l.Records)); err != nil || len(l.Records) == 0 {
			t.Errorf("%s: %d records, %v", set, len(l.Records), err)
		}
	}
	if _, err := c.List("secrets", noon); !errors.Is(err, ErrUnknownSet) {
		t.Error(err)
	}
}

func TestRatesTickAndTheirTimeIsTheTicks(t *testing.T) {
	c, layouts := open(t, noon)
	first, same, next := list(t, c, "rates", noon.Add(3*time.Second)), list(t, c, "rates", noon.Add(4*time.Second)), list(t, c, "rates", noon.Add(5*time.Second))
	if first.Version != same.Version || !first.AsOf.Equal(noon.Add(3*time.Second)) {
		t.Errorf("within a tick: %d at %s, then %d", first.Version, first.AsOf, same.Version)
	}
	if next.Version <= first.Version || !next.AsOf.Equal(noon.Add(5*time.Second)) || cmp.Equal(first.Records, next.Records) {
		t.Errorf("next tick: %d after %d, at %s", next.Version, first.Version, next.AsOf)
	}
	all, err := layouts.Split(next.Records[0], 1)
	if err != nil {
		t.Fatal(err)
	}
	rate, err := layouts.Rate.Decode(all[0])
	if err != nil || rate.Currency != "AED" || !rate.AsOf.Equal(next.AsOf) || !rate.Mid.GreaterThan(decimal.NewFromInt(1)) {
		t.Error(err, rate)
	}
}

func TestVersionGrowsWithARestartAndNotWithTime(t *testing.T) {
	before, _ := open(t, noon)
	after, _ := open(t, noon.Add(time.Minute))
	for _, set := range sets {
		old, again := list(t, before, set, noon.Add(time.Second)), list(t, before, set, noon.Add(1100*time.Millisecond))
		if old.Version != again.Version {
			t.Errorf("%s: version %d became %d", set, old.Version, again.Version)
		}
		if restarted := list(t, after, set, noon.Add(time.Minute)); restarted.Version <= old.Version {
			t.Errorf("%s: version %d after %d", set, restarted.Version, old.Version)
		}
	}
}

func TestHoldingsAreValuedOnTheHour(t *testing.T) {
	c, layouts := open(t, noon)
	first := list(t, c, "holdings", noon.Add(30*time.Minute))
	later := list(t, c, "holdings", noon.Add(61*time.Minute))
	if later.Version <= first.Version || !later.AsOf.Equal(noon.Add(61*time.Minute)) {
		t.Errorf("%d at %s after %d", later.Version, later.AsOf, first.Version)
	}
	all, err := layouts.Split(later.Records[0], 1)
	if err != nil {
		t.Fatal(err)
	}
	h, err := layouts.Holding.Decode(all[0])
	if err != nil || !h.PricedAt.Equal(noon.Truncate(time.Hour).Add(time.Hour)) {
		t.Error(err, h)
	}
}

func decode[T any](t *testing.T, layouts *records.Layouts, kind records.Kind[T], record []byte) T {
	t.Helper()
	all, err := layouts.Split(record, 1)
	if err != nil {
		t.Fatal(err)
	}
	got, err := kind.Decode(all[0])
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestBalancesAreThoseOfTheTickAndNeverTwoUnderOneVersion(t *testing.T) {
	books := &fakeBooks{balance: decimal.NewFromInt(5), changes: 1}
	c, layouts := openWith(t, noon, books)
	balance := func(l Listing) string { return decode(t, layouts, layouts.Account, l.Records[0]).Balance.String() }
	first := list(t, c, "accounts", noon.Add(time.Second))
	same := list(t, c, "accounts", noon.Add(time.Minute))
	if balance(first) != "5" || same.Version != first.Version || !same.AsOf.Equal(noon.Add(time.Minute)) {
		t.Errorf("%s, version %d, then %d as of %s", balance(first), first.Version, same.Version, same.AsOf)
	}
	books.balance, books.changes = decimal.NewFromInt(7), 2
	next := list(t, c, "accounts", noon.Add(time.Minute+2*time.Second))
	books.balance, books.changes = decimal.NewFromInt(8), 3
	held := list(t, c, "accounts", noon.Add(time.Minute+2100*time.Millisecond))
	later := list(t, c, "accounts", noon.Add(time.Minute+4*time.Second))
	if balance(next) != "7" || next.Version <= first.Version || held.Version != next.Version || balance(held) != "7" || held.AsOf.After(next.AsOf) {
		t.Errorf("%s, version %d; within the tick %s, version %d as of %s", balance(next), next.Version, balance(held), held.Version, held.AsOf)
	}
	if balance(later) != "8" || later.Version <= next.Version {
		t.Errorf("next tick: %s, version %d", balance(later), later.Version)
	}
}

func TestClockHasANewVersionWithEachDay(t *testing.T) {
	books := &fakeBooks{day: noon.Truncate(24 * time.Hour)}
	c, layouts := openWith(t, noon, books)
	first := list(t, c, "clock", noon)
	books.day, books.offset = books.day.AddDate(0, 0, 1), 86400
	next := list(t, c, "clock", noon)
	got := decode(t, layouts, layouts.Clock, next.Records[0])
	if next.Version <= first.Version || !got.BusinessDay.Equal(books.day) || got.Offset != 86400 {
		t.Errorf("version %d after %d: %+v", next.Version, first.Version, got)
	}
}
