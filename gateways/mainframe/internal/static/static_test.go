package static

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/gateways/mainframe/internal/hosttest"
	"fxcore/gateways/mainframe/internal/link/linktest"
	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
)

func TestMain(m *testing.M) { hosttest.Main(m) }

func deliverer(t *testing.T, addr string) *Deliverer {
	t.Helper()
	return delivererAhead(t, addr, UsualAhead)
}

// delivererAhead takes sets that are as far ahead of now.
func delivererAhead(t *testing.T, addr string, ahead time.Duration) *Deliverer {
	t.Helper()
	host, layouts := linktest.Open(t, addr, time.Minute)
	return New(host, layouts, time.Now, ahead, testkit.Log(t))
}

func request(t *testing.T, set string, known int64) event.Event {
	t.Helper()
	e, err := event.New(contract.StaticRequested, event.NewID(testkit.Day, set, fmt.Sprint(known)), "batch", set, map[string]any{"set": set, "known_version": known})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// pages returns the data of what a request led to.
func pages(t *testing.T, r amqp.Result) []messages.Delivered {
	t.Helper()
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	all := make([]messages.Delivered, len(r.Emit))
	for i, e := range r.Emit {
		if err := e.Read(&all[i]); err != nil || e.Type != contract.StaticDelivered {
			t.Fatal(e.Type, err)
		}
	}
	return all
}

// fetch returns all records of a set.
func fetch(t *testing.T, d *Deliverer, set string) (map[string]json.RawMessage, messages.Delivered) {
	t.Helper()
	all := make(map[string]json.RawMessage)
	var last messages.Delivered
	delivered := pages(t, d.Handle(t.Context(), []event.Event{request(t, set, 0)})[0])
	for i, p := range delivered {
		if p.Set != set || p.Page != i+1 || p.Pages != len(delivered) || p.Version < 1 || p.AsOf.IsZero() || len(p.Records) > maxPageRecords {
			t.Fatalf("page %d: %s %d/%d, version %d as of %s, %d records", i, p.Set, p.Page, p.Pages, p.Version, p.AsOf, len(p.Records))
		}
		for id, record := range p.Records {
			all[id] = record
		}
		last = p
	}
	return all, last
}

func TestEverySetArrivesWholeAndInTheFormThatServicesRead(t *testing.T) {
	d := deliverer(t, hosttest.Start(t).Addr)
	cases := []struct {
		set, id string
		count   int
		want    string // without what changes with the time
	}{
		{"clients", "C000902", 207, `{"id":"C000902","name":"Blocked Client","group":"G0900","status":"blocked","desk":"FXS1","country":"CH","netting":""}`},
		{"groups", "G0900", 21, `{"id":"G0900","name":"Sandbox Group"}`},
		{"lines", "client/C000901", 248, `{"node":"client/C000901","currency":"USD","limit":"100000","settlement_limit":"","clip":"","max_tenor":"","max_tenor_days":0}`},
		{"lines", "client/C000903", 248, `{"node":"client/C000903","currency":"USD","limit":"1000000000000000","settlement_limit":"","clip":"1000000","max_tenor":"","max_tenor_days":0}`},
		{"users", "U0001", 21, `{"id":"U0001","name":"Alva Abergast","role":"trader","desk":"FXS1"}`},
		{"desks", "FXS1", 4, `{"id":"FXS1","name":"Europe Corporates","products":["spot","forward","swap"],"traders":["U0001","U0002","U0003"]}`},
		{"providers", "TEST7", 27, `{"provider":"TEST7","status":"active","clients":["*"],"products":["spot"],"pairs":["EUR/USD","USD/JPY"],"max_amount_usd":"1000000000"}`},
		{"currencies", "USD", 32, `{"currency":"USD","minor_units":2,"deposit_rate":"0.0385","cut_offs":[{"from":"1999-01-01","days_before":0,"at":"17:00","zone":"America/New_York"}]}`},
		{"pairs", "EUR/USD", 75, `{"pair":"EUR/USD","spot_lag":2,"rate_decimals":5,"points_factor":10000,"half_spread":"0.00003","band":15,"max_rate_age_seconds":300,"volatility":"0.075","broken_dates":false,"rolls":[],"points_spread":"0.00004","client_band":"5","tolerance":"0.00045"}`},
		{"pairs", "NZD/USD", 75, `{"pair":"NZD/USD","spot_lag":2,"rate_decimals":5,"points_factor":10000,"half_spread":"0.00008","band":5,"max_rate_age_seconds":300,"volatility":"0.105","broken_dates":false,"rolls":[{"from":"1999-01-01","at":"07:00","zone":"Pacific/Auckland"}],"points_spread":"0.00012","client_band":"3","tolerance":"0.0004"}`},
		{"risk", "add_on/1W", 17, `{"factor":"0.028","max_days":7}`},
		{"risk", "haircut/currency_mismatch", 17, `{"haircut":"0.08"}`},
		{"holdings", "C000001", 200, ""},
		{"accounts", "C000900-USD", 1242, ""},
		{"nostros", "EUR", 32, `{"currency":"EUR","nostro":"NOSTRO-EUR","settlement":"FXSETTLE-EUR"}`},
		{"agreements", "C000010", 20, `{"client":"C000010","kinds":["settlement"]}`},
		{"balancing", "FXS1", 4, `{"desk":"FXS1","into":"FXT1","currency":"USD"}`},
		{"clock", "bank", 1, ""},
		{"calendars", "USD", 32, ""},
		{"rates", "EUR", 32, ""},
		{"points", "EUR/USD", 75, ""},
	}
	for _, c := range cases {
		t.Run(c.set+" "+c.id, func(t *testing.T) {
			all, _ := fetch(t, d, c.set)
			if len(all) != c.count || len(all[c.id]) == 0 {
				t.Fatalf("%d records, %q", len(all), all[c.id])
			}
			if c.want != "" && string(all[c.id]) != c.want {
				t.Errorf("\ngot  %s\nwant %s", all[c.id], c.want)
			}
		})
	}
}

func TestCalendarHasWeekendsAndNamedHolidays(t *testing.T) {
	all, _ := fetch(t, deliverer(t, hosttest.Start(t).Addr), "calendars")
	var usd, ils calendar
	if err := errors.Join(json.Unmarshal(all["USD"], &usd), json.Unmarshal(all["ILS"], &ils)); err != nil {
		t.Fatal(err)
	}
	if usd.Holidays["2026-11-26"] != "Thanksgiving Day" {
		t.Errorf("2026-11-26 is %q", usd.Holidays["2026-11-26"])
	}
	if diff := cmp.Diff([]weekend{{From: "1999-01-01", Days: []string{"Fri", "Sat"}}}, ils.Weekends); diff != "" {
		t.Error(diff)
	}
}

func TestRatesHoldAsOfTheMainframesTick(t *testing.T) {
	const tick = 2 * time.Second
	began := time.Now()
	all, page := fetch(t, deliverer(t, hosttest.Start(t).Addr), "rates")
	fetched := time.Now()
	var usd, eur rate
	if err := errors.Join(json.Unmarshal(all["USD"], &usd), json.Unmarshal(all["EUR"], &eur)); err != nil {
		t.Fatal(err)
	}
	if !usd.AsOf.Equal(page.AsOf) || usd.AsOf.Truncate(tick) != usd.AsOf || usd.AsOf.Before(began.Truncate(tick)) || usd.AsOf.After(fetched) {
		t.Errorf("rate as of %s, page as of %s", usd.AsOf, page.AsOf)
	}
	if eur.Mid.String() != "1" {
		t.Errorf("the euro is %s euro", eur.Mid)
	}
}

func TestUnchangedSetIsToldWithItsTimeAndWithoutPages(t *testing.T) {
	d := deliverer(t, hosttest.Start(t).Addr)
	_, first := fetch(t, d, "clients")
	again := pages(t, d.Handle(t.Context(), []event.Event{request(t, "clients", first.Version)})[0])
	if len(again) != 1 || again[0].Pages != 0 || len(again[0].Records) != 0 || again[0].Version != first.Version || again[0].AsOf.Before(first.AsOf) {
		t.Errorf("%+v", again)
	}
}

func TestSameRequestTwiceGivesTheSamePagesWithTheSameIDs(t *testing.T) {
	d := deliverer(t, hosttest.Start(t).Addr)
	e := request(t, "accounts", 0)
	first, again := d.Handle(t.Context(), []event.Event{e})[0], d.Handle(t.Context(), []event.Event{e})[0]
	if len(first.Emit) < 2 {
		t.Fatalf("%d pages: the set should have several", len(first.Emit))
	}
	seen := map[string]bool{}
	for i := range first.Emit {
		a, b := pages(t, first)[i], pages(t, again)[i]
		if diff := cmp.Diff(a.Records, b.Records); diff != "" || first.Emit[i].ID != again.Emit[i].ID || seen[first.Emit[i].ID] {
			t.Errorf("page %d: %s %s %s", i, first.Emit[i].ID, again.Emit[i].ID, diff)
		}
		seen[first.Emit[i].ID] = true
	}
}

func TestRequestIsDroppedWhenLateOrWhileTheMainframeIsAwayOrWrong(t *testing.T) {
	host := hosttest.Start(t)
	d := deliverer(t, host.Addr)
	late := request(t, "rates", 0)
	late.Deadline = time.Now().Add(-time.Second)
	if r := d.Handle(t.Context(), []event.Event{late})[0]; r.Err != nil || len(r.Emit) != 0 {
		t.Errorf("late: %+v", r)
	}
	for _, how := range []string{"/away?how=refuse&for=1m", "/wrong?how=garbage&for=1m", "/wrong?how=record&for=1m", "/wrong?how=trade&for=1m"} {
		host.Order(how)
		if r := d.Handle(t.Context(), []event.Event{request(t, "rates", 0)})[0]; r.Err != nil || len(r.Emit) != 0 {
			t.Errorf("%s: %d pages, %v", how, len(r.Emit), r.Err)
		}
		host.Order("/well")
		testkit.Eventually(t, "the breaker to close", 20*time.Second, func() error {
			if r := d.Handle(context.Background(), []event.Event{request(t, "rates", 0)})[0]; len(r.Emit) != 1 {
				return errors.New("dropped")
			}
			return nil
		})
	}
}

func TestUnknownSetIsPoison(t *testing.T) {
	d := deliverer(t, hosttest.Start(t).Addr)
	for _, e := range []event.Event{request(t, "secrets", 0), request(t, "", 0), request(t, "rates", -1)} {
		if r := d.Handle(t.Context(), []event.Event{e})[0]; r.Err == nil {
			t.Errorf("%s: %+v", e.Data, r)
		}
	}
}

func TestPagesAreBounded(t *testing.T) {
	long := listing{version: 1, asOf: time.Now(), records: map[string]any{}}
	for i := range 1200 {
		long.records[fmt.Sprintf("%04d", i)] = strings.Repeat("x", 1000)
	}
	all := paginate("long", long, encode(&long))
	total := 0
	for _, p := range all {
		total += len(p.Records)
		if text, _ := json.Marshal(p); len(text) > maxPageBytes+16<<10 {
			t.Errorf("page %d has %d bytes", p.Page, len(text))
		}
	}
	if total != 1200 || len(all) < 10 {
		t.Errorf("%d records in %d pages", total, len(all))
	}
}

func TestDatasyncsOwnSampleIsUnderstood(t *testing.T) {
	data := sample.Of(t, "services/datasync/internal/messages", contract.StaticRequested)
	e, err := event.New(contract.StaticRequested, "x", "batch", "x", data)
	if err != nil {
		t.Fatal(err)
	}
	got, err := messages.ReadRequested(e)
	if err != nil || got.Set != "rates" || got.KnownVersion == 0 {
		t.Error(got, err)
	}
}
