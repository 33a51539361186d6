package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
	"fxcore/services/contract/fxdate"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/store"
)

func schema(t *testing.T) *pgxpool.Pool {
	t.Helper()
	return postgrestest.Schema(t, inbox.Migrations, store.Migrations)
}

func send(t *testing.T, pool *pgxpool.Pool, fill func(b *pgx.Batch)) {
	t.Helper()
	var b pgx.Batch
	fill(&b)
	if err := pool.SendBatch(t.Context(), &b).Close(); err != nil {
		t.Fatal(err)
	}
}

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

var (
	monday = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	date   = fxdate.NewDate(2026, 11, 23)
)

// one is an amount of 1 in nothing in particular.
var one = line.Terms{Side: line.Buy, Amount: dec("1")}

// A reservation is loaded as it was stored, even if optional parts are missing.
func TestReservationsComeBackAsTheyWere(t *testing.T) {
	pool := schema(t)
	whole := line.Reservation{
		ID: event.NewID(testkit.Day, "whole"), Kind: line.ForTrade, Provider: "ALPHA", Path: line.Path{Group: "G1", Desk: "D1", Client: "C1"}, Exposure: dec("12.34"),
		Terms: line.Terms{Pair: "EUR/USD", Currency: "EUR", Side: line.Sell, Amount: dec("1000.5"), ValueDate: date, Netted: true},
		Open:  dec("1000.5"), Exchange: line.Exchange{Base: dec("1000.5"), Quote: dec("1111.11"), Value: dec("1111.12")}, From: line.Source{ID: event.NewID(testkit.Day, "check"), Part: dec("3.5"), Taken: dec("1.5")},
		Settlements: []line.Settlement{{ValueDate: monday, Amount: dec("1.5")}, {ValueDate: monday.AddDate(0, 1, 0), Amount: dec("2")}},
		State:       line.Reserved, ExpiresAt: time.Now().Add(time.Minute).UTC().Truncate(time.Microsecond),
		Record: line.Record{Basis: []byte(`{"add_on":"0.1"}`), Nodes: []byte(`[1]`)},
	}
	bare := whole
	bare.Exchange = line.Exchange{}
	bare.Terms, bare.Open, bare.From = line.Terms{Side: line.Buy, Amount: dec("1")}, dec("1"), line.Source{}
	bare.ID, bare.Path, bare.Settlements, bare.Record = event.NewID(testkit.Day, "bare"), line.Path{Client: "C1"}, nil, line.Record{}
	swap := whole
	swap.ID, swap.From = event.NewID(testkit.Day, "swap"), line.Source{}
	swap.Swap = line.Swap{Near: line.Sum{Exposure: dec("5.5"), Exchange: line.Exchange{Base: dec("900"), Quote: dec("990"), Value: dec("990.01")}}, NearDate: fxdate.DateOf(monday), Far: dec("9.87")}
	reserve(t, pool, whole, bare, swap)

	book := line.NewBook()
	send(t, pool, func(b *pgx.Batch) {
		store.QueueLoad(b, store.Wanted{New: []string{whole.ID, swap.ID, event.NewID(testkit.Day, "nobody")}, Known: []string{bare.ID}}, book)
	})
	for _, want := range []line.Reservation{whole, bare, swap} {
		got, ok := book.Reservation(want.ID)
		got.ExpiresAt = got.ExpiresAt.UTC()
		if diff := cmp.Diff(want, got); !ok || diff != "" {
			t.Error(ok, diff)
		}
	}
	if _, ok := book.Reservation(event.NewID(testkit.Day, "nobody")); ok {
		t.Error("found what was never stored")
	}
	for _, n := range whole.Path.Nodes() { // locked because reservations use them
		if _, err := book.Usage(n); err != nil {
			t.Error(err)
		}
	}
}

func reserve(t *testing.T, pool *pgxpool.Pool, list ...line.Reservation) {
	t.Helper()
	book := line.NewBook()
	send(t, pool, func(b *pgx.Batch) {
		var w store.Wanted
		for _, r := range list {
			w.Paths = append(w.Paths, r.Path)
			w.Sets = append(w.Sets, r.Terms.Sets(r.Path, r.Settlements)...)
		}
		store.QueueLoad(b, w, book)
	})
	for _, r := range list {
		if err := book.Reserve(r); err != nil {
			t.Fatal(err)
		}
	}
	send(t, pool, func(b *pgx.Batch) { store.QueueSave(b, book) })
}

func TestBucketsAreLoadedAndMissingOnesAreZero(t *testing.T) {
	pool := schema(t)
	r := line.Reservation{
		ID: event.NewID(testkit.Day, "r"), Kind: line.ForCheck, Path: line.Path{Client: "C1"}, Terms: one, Exposure: dec("1"), ExpiresAt: time.Now(),
		Settlements: []line.Settlement{{ValueDate: monday, Amount: dec("7")}},
	}
	reserve(t, pool, r)
	client := line.Node{Level: line.Client, ID: "C1"}
	book := line.NewBook()
	send(t, pool, func(b *pgx.Batch) {
		store.QueueLoad(b, store.Wanted{Buckets: []line.Bucket{{Node: client, ValueDate: monday}, {Node: client, ValueDate: monday.AddDate(0, 0, 1)}}}, book)
	})
	for days, want := range map[int]string{0: "7", 1: "0"} {
		if got, err := book.Settled(line.Bucket{Node: client, ValueDate: monday.AddDate(0, 0, days)}); err != nil || !got.Equal(dec(want)) {
			t.Errorf("in %d days: %s, %v; want %s", days, got, err, want)
		}
	}
}

// A group carries the deals that its members did as its members, and no others.
func TestMembersAreLoadedByTheGroupOfTheDeal(t *testing.T) {
	pool := schema(t)
	deal := func(id string, p line.Path, exposure string) line.Reservation {
		return line.Reservation{ID: event.NewID(testkit.Day, id), Kind: line.ForCheck, Path: p, Terms: one, Exposure: dec(exposure), ExpiresAt: time.Now()}
	}
	reserve(t, pool, deal("alone", line.Path{Client: "C1"}, "5"), deal("in G1", line.Path{Group: "G1", Client: "C1"}, "7"))
	reserve(t, pool, deal("in G2", line.Path{Group: "G2", Client: "C1"}, "11"), deal("in G1 again", line.Path{Group: "G1", Client: "C1"}, "13"))
	cancel(t, pool, event.NewID(testkit.Day, "in G1"))

	book := line.NewBook()
	var lines []line.Line
	send(t, pool, func(b *pgx.Batch) {
		w := store.Wanted{Paths: []line.Path{{Group: "G1", Client: "C1"}}}
		group := line.Line{Node: line.Node{Level: line.Group, ID: "G1"}}
		for _, client := range []string{"C1", "C2", "C1"} {
			w.Relief = append(w.Relief, line.Member{Group: "G1", Client: client})
			group.Pledged = []line.Pledge{{Client: "C1", Value: dec("10")}, {Client: "C2", Value: dec("1000")}}
		}
		lines = append(lines, group)
		store.QueueLoad(b, w, book)
	})
	v, err := book.Check(line.Claim{Lines: lines})
	if err != nil || !v.Standings[0].Before.Equal(dec("3")) {
		t.Errorf("the group bears %+v of 13, of which 10 are covered; %v", v.Standings, err)
	}
	if found, err := store.Recompute(t.Context(), pool); err != nil || len(found) != 0 {
		t.Errorf("%v %+v", err, found)
	}
}

func cancel(t *testing.T, pool *pgxpool.Pool, id string) {
	t.Helper()
	book := line.NewBook()
	send(t, pool, func(b *pgx.Batch) { store.QueueLoad(b, store.Wanted{Known: []string{id}}, book) })
	if _, err := book.Resolve(id, line.Cancel); err != nil {
		t.Fatal(err)
	}
	send(t, pool, func(b *pgx.Batch) { store.QueueSave(b, book) })
}

func TestRecomputeNamesEveryFigureThatIsWrong(t *testing.T) {
	pool := schema(t)
	reserve(t, pool, line.Reservation{
		ID: event.NewID(testkit.Day, "r"), Kind: line.ForCheck, Path: line.Path{Client: "C1"}, Terms: one, Exposure: dec("1"), ExpiresAt: time.Now(),
		Settlements: []line.Settlement{{ValueDate: monday, Amount: dec("7")}},
	})
	if found, err := store.Recompute(t.Context(), pool); err != nil || len(found) != 0 {
		t.Fatalf("%v %+v", err, found)
	}
	for _, damage := range []string{
		"update node_usage set reserved = 2, consumed = 3",
		"update settlement_usage set used = 8",
		"insert into node_usage (node, consumed) values ('desk/D9', 5)",
		"insert into netting_set values ('client/C1', 'C1', 'EUR/USD', '2026-11-23', '(0,0,0,0)', '(1,2,3,4)', '(0,0,0,0)', '(0,0,0,0)', true)",
		`insert into netting_effect (node, client, pair, sets_reserved, sets_consumed, lost_reserved, lost_consumed, gross_reserved, gross_consumed)
			values ('client/C1', 'C1', 'EUR/USD', 1, 2, 3, 4, 5, 6)`,
		"insert into member_usage (group_node, client_node, used) values ('group/G1', 'client/C1', 4)",
	} {
		if _, err := pool.Exec(t.Context(), damage); err != nil {
			t.Fatal(err)
		}
	}
	date, netting := "2026-11-23", `("(0,0,0,0)","(1,2,3,4)","(0,0,0,0)","(0,0,0,0)")`
	want := []store.Difference{
		{Node: "client/C1", ValueDate: &date, What: "settlement", Stored: "8.00", Recomputed: "7.00"},
		{Node: "client/C1", What: "consumed", Stored: "3.00", Recomputed: "0"},
		{Node: "client/C1", What: "reserved", Stored: "2.00", Recomputed: "1.00"},
		{Node: "client/C1 C1 EUR/USD", ValueDate: &date, What: "netting", Stored: netting, Recomputed: "(,,,)"},
		{Node: "client/C1 C1 EUR/USD", What: "netting effect", Stored: "(1,2,3,4,5,6)", Recomputed: "(,,,,,)"},
		{Node: "desk/D9", What: "consumed", Stored: "5.00", Recomputed: "0"},
		{Node: "group/G1 client/C1", What: "member", Stored: "4.00", Recomputed: "0"},
	}
	found, err := store.Recompute(t.Context(), pool)
	if diff := cmp.Diff(want, found); err != nil || diff != "" {
		t.Error(err, diff)
	}
}
