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
	"accounts", "calendars", "clients", "currencies", "desks", "groups", "holdings", "lines", "pairs", "points",
	"providers", "quotes", "rates", "risk", "users",
}

func open(t *testing.T, started time.Time) (*Catalogue, *records.Layouts) {
	t.Helper()
	layouts, err1 := records.NewLayouts()
	bank, err2 := demo.NewBank(demo.Seed)
	market, err3 := demo.NewMarket(demo.Seed)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	c, err := New(layouts, bank, market, started)
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
