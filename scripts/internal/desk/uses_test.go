package desk_test

import (
	"slices"
	"testing"
	"time"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/scripts/internal/desk"
)

// day makes requests, and approves each reservation under an id of its own.
func day(t *testing.T, d *desk.Desk, c desk.Checks) []desk.Request {
	t.Helper()
	d.Use(c)
	var all []desk.Request
	for i := range 4_000 {
		r, err := d.Next(now.Add(time.Duration(i) * 50 * time.Millisecond))
		if err != nil {
			t.Fatal(err)
		}
		if r.Kind == desk.Reserve && !r.Flawed {
			r.ID = "id of " + r.Reference
			d.Approved(r)
		}
		all = append(all, r)
	}
	return all
}

func count(all []desk.Request, is func(desk.Request) bool) (n int) {
	for _, r := range all {
		if is(r) {
			n++
		}
	}
	return n
}

func TestADeskWithNamedChecksUsesThemInEveryWay(t *testing.T) {
	theirs := desk.Request{Kind: desk.Reserve, ID: "theirs", Client: "C000001", Pair: "EUR/USD", Currency: "EUR", Amount: "5000", Near: desk.Leg{Settlement: "M1"}}
	d := open(t, 7)
	d.Use(desk.Checks{Parts: true, Named: true})
	d.Lapsed(desk.Request{Kind: desk.Reserve, ID: "late", Reference: "LATE", Client: "C000001", Pair: "EUR/USD", Currency: "EUR", Amount: "5000", Near: desk.Leg{Settlement: "0"}})
	all := day(t, d, desk.Checks{Parts: true, Named: true, Foreign: func() (desk.Request, bool) { return theirs, true }})
	for name, is := range map[string]func(desk.Request) bool{
		"an order that names a check":     func(r desk.Request) bool { return r.Kind == desk.Order && r.Uses != "" },
		"a report that names a check":     func(r desk.Request) bool { return r.Kind == desk.Report && r.Uses != "" },
		"a check named by its reference":  func(r desk.Request) bool { return r.Uses != "" && !r.UsesID },
		"a check named by its id":         func(r desk.Request) bool { return r.UsesID && !r.Flawed },
		"a deal that frees the rest":      func(r desk.Request) bool { return r.Free },
		"a deal that may find too little": func(r desk.Request) bool { return r.Doubtful && r.Uses != "" },
		"a check of an earlier day":       func(r desk.Request) bool { return r.Uses == "late" || r.Uses == "LATE" || r.Target == "LATE" },
		"another provider's check":        func(r desk.Request) bool { return r.Flawed && r.Uses == "theirs" },
		"a part that is consumed":         func(r desk.Request) bool { return r.Kind == desk.Consume && r.Amount != "" },
		"a part that is cancelled":        func(r desk.Request) bool { return r.Kind == desk.Cancel && r.Amount == "" },
		"a reversal":                      func(r desk.Request) bool { return r.Kind == desk.Reverse },
		"a consumption for a deal":        func(r desk.Request) bool { return r.For != "" && !r.ForID && r.Amount != "" },
		"one that states no amount":       func(r desk.Request) bool { return r.For != "" && r.Amount == "" },
		"one for what is another's":       func(r desk.Request) bool { return r.ForID && r.Flawed && r.For == "theirs" },
		"a deal of the netted client":     func(r desk.Request) bool { return r.Client == "C000906" },
	} {
		if n := count(all, is); n == 0 {
			t.Errorf("%s: none in 4000", name)
		}
	}
}

// A deal that names a check is the deal that was checked, or a part of it.
func TestADealOnACheckIsWhatWasChecked(t *testing.T) {
	all := day(t, open(t, 3), desk.Checks{Parts: true, Named: true})
	checks := map[string]desk.Request{}
	for _, r := range all {
		if r.Kind == desk.Reserve && !r.Flawed {
			checks[r.Reference], checks["id of "+r.Reference] = r, r
		}
		if r.Uses == "" {
			continue
		}
		c := checks[r.Uses]
		if r.Client != c.Client || r.Pair != c.Pair || r.Currency != c.Currency || r.Buy != c.Buy || r.Near.Settlement != c.Near.Settlement || r.Near.Rate == "" || r.Swap() {
			t.Fatalf("%+v does not deal %+v", r, c)
		}
	}
	mustNameDeals(t, all)
}

// mustNameDeals: the deal that a consumption names comes before it or after it, and is of the same client and currency.
func mustNameDeals(t *testing.T, all []desk.Request) {
	t.Helper()
	before, after, deals, named := 0, 0, map[string]desk.Request{}, map[string]bool{}
	for _, r := range all {
		if r.Kind == desk.Order || r.Kind == desk.Report {
			if deals[r.Reference] = r; named[r.Reference] {
				after++
			}
		}
		if r.For == "" {
			continue
		}
		if deal, made := deals[r.For]; made {
			if before++; deal.Client != r.Client || deal.Currency != r.Currency {
				t.Fatalf("%+v is for %+v", r, deal)
			}
		}
		named[r.For] = true
	}
	if before == 0 || after == 0 {
		t.Errorf("%d deals came before a consumption, %d after one", before, after)
	}
}

func TestAShortReservationIsConsumedTooLate(t *testing.T) {
	all := day(t, open(t, 5), desk.Checks{Parts: true, Short: true})
	ends, late := map[string]time.Time{}, 0
	for _, r := range all {
		if !r.ExpiresAt.IsZero() {
			ends[r.Reference] = r.ExpiresAt
		}
		if end, short := ends[r.Target]; short {
			if late++; !r.Doubtful || !r.Time.After(end) {
				t.Fatalf("at %s, it ends %s: %+v", r.Time, end, r)
			}
		}
		if r.Uses != "" || r.Kind == desk.Reverse {
			t.Fatalf("%+v", r)
		}
	}
	if late == 0 {
		t.Error("none in 4000")
	}
}

// A desk deals on the bank's quotes as they are, also what it has checked a line for.
func TestADeskDealsOnQuotes(t *testing.T) {
	market, err := demo.NewMarket(demo.Seed)
	if err != nil {
		t.Fatal(err)
	}
	all := day(t, open(t, 13), desk.Checks{Parts: true, Named: true, Quotes: true})
	onChecks := 0
	for _, r := range all {
		if r.Quote == "" || r.Flawed {
			continue
		}
		list, err := market.Quotes(r.Time)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(list, func(q demo.Quote) bool { return q.ID == r.Quote })
		if i < 0 || list[i].Pair != r.Pair || (list[i].Side == "buy") != r.Buy || list[i].Rate.String() != r.Near.Rate || !list[i].ValidUntil.After(r.Time.Add(time.Minute)) || !r.Doubtful {
			t.Fatalf("%+v is not on a quote that stands", r)
		}
		if r.Uses != "" {
			onChecks++
		}
	}
	if onChecks == 0 {
		t.Error("no deal on a quote uses a line check")
	}
	if n := count(day(t, open(t, 13), desk.Checks{Parts: true, Named: true}), func(r desk.Request) bool { return r.Quote != "" }); n > 0 {
		t.Errorf("%d deals on quotes that nobody asked for", n)
	}
}
