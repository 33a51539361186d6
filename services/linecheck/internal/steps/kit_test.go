package steps

import (
	"log/slog"
	"maps"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract/fxdate"
	"fxcore/services/contract/reason"
	"fxcore/services/linecheck/internal/directory"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/market"
	"fxcore/services/market/calendar"
	"fxcore/services/market/pricing"
)

// noon is the time of all tests with a fixed clock: a Tuesday.
var noon = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

// static holds static data that the test sets.
type static struct {
	snapshot *directory.Snapshot
	err      error
}

func (s static) Snapshot() (*directory.Snapshot, error) { return s.snapshot, s.err }

// snapshot returns static data of two clients of one group, on one desk. C000001 has a limit of 100,000 and collateral of
// 50,000; all other lines are wide. EUR/USD is 1, and the add-on is 10 % for every tenor up to a year.
func snapshot() *directory.Snapshot {
	version := directory.Version{Number: 1, Time: noon.Add(-2 * time.Second)}
	wide := usd(line.Limit{Amount: dec("1000000000")})
	return &directory.Snapshot{
		Clients: map[string]directory.Client{"C000001": {Group: "G0001", Desk: "FXS1"}, "C000002": {Group: "G0001", Desk: "FXS1"}},
		Limits: map[line.Node]directory.Limit{
			{Level: line.Group, ID: "G0001"}: wide, {Level: line.Desk, ID: "FXS1"}: wide, {Level: line.Client, ID: "C000002"}: wide,
			{Level: line.Client, ID: "C000001"}: usd(line.Limit{
				Amount: dec("100000"), Settlement: decimal.NewNullDecimal(dec("2000000")), Clip: decimal.NewNullDecimal(dec("1900000")), MaxTenor: tenor("3M"),
			}),
		},
		Holdings: map[string][]line.Holding{"C000001": {{Kind: line.Cash, Currency: "USD", Quantity: dec("50000")}}},
		Market:   marketAt(map[string]string{"EUR": "1", "USD": "1"}),
		AddOns:   line.AddOns{{Tenor: tenor("1Y"), Factor: dec("0.1")}},
		Haircuts: line.Haircuts{"cash": dec("0")},
		AsOf:     directory.Versions{Clients: version, Lines: version, Holdings: version, Risk: version},
	}
}

func usd(l line.Limit) directory.Limit { return directory.Limit{Limit: l, Currency: line.Currency} }

// marketAt knows one pair, and no holidays but weekends.
func marketAt(mids map[string]string) *market.Market {
	static := market.Static{
		Currencies: map[string]market.Currency{"EUR": {Code: "EUR", MinorUnits: 2}, "USD": {Code: "USD", MinorUnits: 2}},
		Pairs:      []market.Terms{{Base: "EUR", Quote: "USD", SpotLag: 2, Decimals: 5, PointsFactor: dec("10000"), Volatility: dec("0.1")}},
		Calendars:  map[string]*calendar.Calendar{},
		AsOf:       noon, MaxAge: time.Hour,
	}
	for code := range static.Currencies {
		c, err := calendar.New(code, []calendar.Weekend{{Days: []time.Weekday{time.Saturday, time.Sunday}}}, nil)
		if err != nil {
			panic(err)
		}
		static.Calendars[code] = c
	}
	rates := market.Rates{Mids: map[string]pricing.Mid{}, AsOf: noon.Add(-2 * time.Second)}
	for code, mid := range mids {
		rates.Mids[code] = pricing.Mid{Rate: dec(mid)}
	}
	return market.New(market.NewDirectory(static), rates)
}

func tenor(name string) fxdate.Tenor {
	t, err := fxdate.ParseTenor(name)
	if err != nil {
		panic(err)
	}
	return t
}

// likeTrades dates line checks as trades are dated.
func likeTrades() Dating { return Dating{Rollover: fxdate.NewRollover(), Longest: fxdate.Years(5)} }

// world runs the steps without a database, over one book that lives as long as the test.
type world struct {
	t      *testing.T
	static static
	book   *line.Book
	now    time.Time
	log    *slog.Logger
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, static: static{snapshot: snapshot()}, book: line.NewBook(), now: noon, log: slog.New(slog.DiscardHandler)}
	for _, key := range []string{"group/G0001", "desk/FXS1", "client/C000001", "client/C000002"} {
		n, err := line.ParseNode(key)
		if err != nil {
			t.Fatal(err)
		}
		w.book.LoadUsage(n, line.Usage{})
	}
	return w
}

// addDealer gives a person of the bank a wide line.
func (w *world) addDealer(user string) {
	n := line.Node{Level: line.Dealer, ID: user}
	w.static.snapshot.Limits[n] = usd(line.Limit{Amount: dec("1000000000")})
	w.book.LoadUsage(n, line.Usage{})
}

// deliver handles one message and returns the events that it causes.
func (w *world) deliver(e event.Event) ([]event.Event, error) {
	steps := logging(w.static, w.log)
	step, ok := steps.Table[e.Type]
	if !ok {
		w.t.Fatalf("no step for %s", e.Type)
	}
	s := steps.Begin()
	s.book = w.book
	task, err := step(s, e)
	if err != nil {
		return nil, err
	}
	task.Want(s)
	for _, k := range s.wanted.Buckets {
		if _, err := w.book.Settled(k); err != nil {
			w.book.LoadSettled(k, decimal.Zero)
		}
	}
	return task.Decide(s, w.now, e)
}

// all returns the steps of trades and line checks as the steps of a single queue.
func all(static Static) inbox.Steps[*Batch] { return logging(static, slog.New(slog.DiscardHandler)) }

// logging is all with a log.
func logging(static Static, log *slog.Logger) inbox.Steps[*Batch] {
	s := Checks(static, likeTrades())
	maps.Copy(s.Table, Facts(static, log).Table)
	maps.Copy(s.Table, both())
	fresh := s.Begin
	s.Begin = func() *Batch {
		b := fresh()
		b.log = log
		return b
	}
	return s
}

// verdict returns a short form of the answer: its type, with the code or the decision.
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
	return e.Type.Name + " " + string(a.Rejected.Code) + string(a.Result.Decision)
}

// answered holds the fields that the tests read of any answer.
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
		Code     reason.Code
		Text, By string
		Node     string
		Nodes    []messages.Node
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

// used returns the current usage of a node: reserved and consumed.
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
