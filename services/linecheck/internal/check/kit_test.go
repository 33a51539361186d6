package check

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/services/linecheck/internal/directory"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/store"
)

// noon is the moment of all tests that hold the clock: a Tuesday.
var noon = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// static is static data that the test sets.
type static struct {
	snapshot *directory.Snapshot
	err      error
}

func (s static) Snapshot() (*directory.Snapshot, error) { return s.snapshot, s.err }

// snapshot knows two clients of one group, on one desk. C000001 has a line of 100,000 and 50,000 of collateral; everybody
// else's is wide. A dollar a euro, and an add-on of 10 % for every tenor up to a year.
func snapshot() *directory.Snapshot {
	version := directory.Version{Number: 1, Time: noon.Add(-2 * time.Second)}
	wide := line.Limit{Amount: dec("1000000000")}
	return &directory.Snapshot{
		Clients: map[string]directory.Client{"C000001": {Group: "G0001", Desk: "FXS1"}, "C000002": {Group: "G0001", Desk: "FXS1"}},
		Limits: map[line.Node]line.Limit{
			{Level: line.Group, ID: "G0001"}: wide, {Level: line.Desk, ID: "FXS1"}: wide, {Level: line.Client, ID: "C000002"}: wide,
			{Level: line.Client, ID: "C000001"}: {
				Amount: dec("100000"), Settlement: decimal.NewNullDecimal(dec("2000000")), Clip: decimal.NewNullDecimal(dec("1900000")), MaxTenorDays: 100,
			},
		},
		Holdings: map[string][]line.Holding{"C000001": {{Kind: line.Cash, Currency: "USD", Quantity: dec("50000")}}},
		Pairs:    map[string]directory.Pair{"EUR/USD": {Base: "EUR", Quote: "USD", SpotLag: 2}},
		Market: line.Market{
			Mids:       map[string]decimal.Decimal{"EUR": dec("1"), "USD": dec("1")},
			Volatility: map[string]decimal.Decimal{"EUR/USD": dec("0.1")},
			AddOns:     line.AddOns{{MaxDays: 366, Factor: dec("0.1")}},
		},
		Haircuts: line.Haircuts{"cash": dec("0")},
		AsOf:     directory.Versions{Clients: version, Lines: version, Holdings: version, Risk: version, Rates: version, Pairs: version, Currencies: version},
	}
}

// world is the handler over one book that lives as long as the test, without a database.
type world struct {
	t      *testing.T
	static static
	book   *line.Book
	now    time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, static: static{snapshot: snapshot()}, book: line.NewBook(), now: noon}
	for _, key := range []string{"group/G0001", "desk/FXS1", "client/C000001", "client/C000002"} {
		n, err := line.ParseNode(key)
		if err != nil {
			t.Fatal(err)
		}
		w.book.LoadUsage(n, line.Usage{})
	}
	return w
}

// deliver handles one message and returns what it led to.
func (w *world) deliver(e event.Event) ([]event.Event, error) {
	h := New(w.static)
	s := &Batch{book: w.book, tasks: map[string]task{}}
	s.static, s.fault = w.static.Snapshot()
	task, err := s.read(e)
	if err != nil {
		return nil, err
	}
	s.tasks[e.ID] = task
	var wanted store.Wanted
	task.wants(&wanted)
	for _, k := range wanted.Buckets {
		if _, err := w.book.Settled(k); err != nil {
			w.book.LoadSettled(k, decimal.Zero)
		}
	}
	return h.Decide(s, w.now, e)
}

// verdict is an answer in short: its type, with the code or the decision.
func (w *world) verdict(e event.Event) string {
	w.t.Helper()
	emitted, err := w.deliver(e)
	switch {
	case err != nil:
		w.t.Fatal(err)
	case len(emitted) == 0:
		return ""
	}
	return short(w.t, emitted[0])
}

func short(t *testing.T, e event.Event) string {
	t.Helper()
	a := read[answered](t, e)
	return e.Type.Name + " " + a.Rejected.Code + string(a.Result.Decision)
}

// answered is what the tests read of any answer.
type answered struct {
	Reserved struct {
		ExpiresAt time.Time       `json:"expires_at"`
		Exposure  decimal.Decimal `json:"exposure"`
		Nodes     []messages.Node `json:"nodes"`
		Basis     messages.Basis  `json:"basis"`
	}
	Result struct {
		Decision  messages.Decision `json:"decision"`
		ExpiresAt time.Time         `json:"expires_at"`
		Exposure  decimal.Decimal   `json:"exposure"`
		Nodes     []messages.Node   `json:"nodes"`
	}
	Rejected struct {
		Code, Text, By string
		Nodes          []messages.Node
	}
}

func read[T any](t *testing.T, e event.Event) T {
	t.Helper()
	var v T
	if err := e.Read(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// used is what a node carries now: reserved and consumed.
func (w *world) used(key string) string {
	w.t.Helper()
	n, err := line.ParseNode(key)
	if err != nil {
		w.t.Fatal(err)
	}
	u, err := w.book.Usage(n)
	if err != nil {
		w.t.Fatal(err)
	}
	return u.Reserved.String() + " " + u.Consumed.String()
}

// message is one that came in some way at some time.
func message(t testing.TB, typ event.Type, story, way string, deadline time.Time, data any) event.Event {
	t.Helper()
	e, err := event.New(typ, event.NewID(typ.Name, story, way), "alpha", story, data)
	if err != nil {
		t.Fatal(err)
	}
	e.Deadline = deadline
	return e
}

// spot is a trade of some euros at a dollar each.
type spot struct {
	reference, client, amount string
}

func (s spot) id() string { return event.NewID("trade", s.reference) }

func (s spot) data() map[string]any { return s.dataOn("2026-11-26") }

// dataOn is the trade with a value date of its own.
func (s spot) dataOn(valueDate string) map[string]any {
	return map[string]any{
		"request":    map[string]any{"trade_id": s.id(), "provider": "ALPHA", "client": s.client},
		"authorized": map[string]any{"client_group": "G0001", "desk": "FXS1"},
		"validated": map[string]any{
			"trade_date": "2026-11-24", "spot_date": "2026-11-26", "pair": "EUR/USD",
			"legs": []any{map[string]any{
				"value_date": valueDate, "base": "EUR", "base_side": "buy", "base_amount": s.amount,
				"quote": "USD", "quote_amount": s.amount, "rate": "1",
			}},
		},
	}
}

func (s spot) message(t testing.TB, typ event.Type, way string) event.Event {
	t.Helper()
	return message(t, typ, s.id(), way, noon.Add(time.Minute), s.dataOf(typ))
}

// dataOf is what a message of type typ says: a rejection by trading passes on what was reserved before.
func (s spot) dataOf(typ event.Type) map[string]any {
	data := s.data()
	if typ == messages.TradeRejected {
		data["reserved"] = map[string]any{"reservation_id": s.id()}
	}
	return data
}

// duplicate is the refusal of a second request under the same reference: the trade's id, but nothing reserved.
func (s spot) duplicate(t testing.TB) event.Event {
	t.Helper()
	return message(t, messages.TradeRejected, s.id(), "duplicate", noon.Add(time.Minute), s.data())
}

// checkOf is a line check.
type checkOf struct {
	reference, provider string
	action              messages.Action
	target              string // reference of the reservation
	amount              string
	change              func(request map[string]any)
}

func (c checkOf) id() string { return event.NewID("linecheck", c.provider, c.reference) }

func (c checkOf) message(t testing.TB, deadline time.Time) event.Event {
	t.Helper()
	request := map[string]any{
		"check_id": c.id(), "provider": c.provider, "action": c.action, "trade_date": "2026-11-24", "client": "C000001",
		"pair": "EUR/USD", "currency": "EUR", "side": "buy", "amount": c.amount, "tenor": "SPOT",
	}
	if c.target != "" {
		request["target"] = event.NewID("linecheck", c.provider, c.target)
	}
	if c.change != nil {
		c.change(request)
	}
	return message(t, messages.LineCheckAuthorized, c.id(), "", deadline, map[string]any{"request": request})
}

// produced is another producer's sample of a type, as that producer's tests keep it.
func produced(t *testing.T, producer string, typ event.Type, deadline time.Time) event.Event {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", producer, "internal", "messages", "samples", typ.String()+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return message(t, typ, "sample", producer, deadline, json.RawMessage(data))
}
