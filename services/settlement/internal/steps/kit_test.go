package steps_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/jobs"
	"fxcore/services/jobs/jobstest"
	"fxcore/services/market"
	"fxcore/services/settlement/internal/balancing"
	"fxcore/services/settlement/internal/messages"
	"fxcore/services/settlement/internal/movement"
	"fxcore/services/settlement/internal/steps"
	"fxcore/services/settlement/internal/store"
)

// day is the value date of most trades. No pair has cut-offs, so its window is the date itself, UTC.
const day = "2026-11-26"

// partSize makes parts small, so that a few legs take several.
const partSize = 100

var morning = time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)

// bank gives every client an account in each currency but JPY. Clients C000002 and C000004 net. The bank has no accounts in the
// closed currency, and a row of the doubtful client cannot be read.
type bank struct{ closed, doubtful string }

func (b bank) AccountOf(client, currency, _ string) (string, error) {
	if client == b.doubtful {
		return "", errors.New("a row cannot be read")
	}
	if currency == "JPY" {
		return "", nil
	}
	return client + currency, nil
}

func (bank) Nets(client string) (bool, error) { return client == "C000002" || client == "C000004", nil }

func (bank) Netting() []string { return []string{"C000002", "C000004"} }

func (b bank) Accounts(p movement.Payment) (from, to string, err error) {
	from, to = "FXSETTLE"+p.Currency, p.Account
	if to == "" {
		to = "NOSTRO" + p.Currency
	}
	if p.Amount.IsNegative() {
		from, to = to, from
	}
	if b.closed == p.Currency {
		err = errors.New("no accounts")
	}
	return from, to, err
}

func (bank) Balancing() []balancing.Rule {
	return []balancing.Rule{{Desk: "FXS1", Into: "FXT1", Currency: "USD"}, {Desk: "FXS2", Into: "FXT1", Currency: "USD"}, {Desk: "FXS3", Into: "FXT1", Currency: "USD"}}
}

func (bank) Rate(from, _ string, _ time.Time) (decimal.Decimal, error) {
	if from == "EUR" {
		return decimal.RequireFromString("1.1172"), nil
	}
	return decimal.Zero, errors.New("no rate")
}

func (bank) Decimals(string) (int32, bool) { return 2, true }

func (bank) Pair(string) (*market.Pair, error) { return nil, market.ErrUnknownPair }

func static() steps.Directory { return bank{} }

// core is one replica of settlement with its schema. Its clock stands still until the test moves it.
type core struct {
	*testing.T
	pool  *pgxpool.Pool
	clock time.Time
	part  int // legs in a part of a job; 0: partSize
	runs  int
}

func newCore(t *testing.T) *core {
	t.Helper()
	return &core{T: t, pool: postgrestest.Schema(t, inbox.Migrations, jobs.Migrations, store.Migrations), clock: morning}
}

func (c *core) handle(steps inbox.Steps[*steps.Batch], events ...event.Event) []amqp.Result {
	c.Helper()
	steps.Clock = func() time.Time { return c.clock }
	return steps.Handler(c.pool, "settlement/1", testkit.Log(c.T)).Handle(c.Context(), events)
}

// good returns all events that the given ones lead to. It fails the test for an event that cannot be handled.
func (c *core) good(steps inbox.Steps[*steps.Batch], events ...event.Event) []event.Event {
	c.Helper()
	var all []event.Event
	for _, r := range c.handle(steps, events...) {
		if r.Err != nil {
			c.Fatal(r.Err)
		}
		all = append(all, r.Emit...)
	}
	return all
}

// declined delivers a command and returns why it was not done; empty if it was.
func (c *core) declined(command event.Event) string {
	c.Helper()
	if told := c.good(steps.Movements(static), command); len(told) == 1 && told[0].Type == contract.SettlementDeclined {
		return dataOf[messages.Declined](c.T, told[0], contract.SettlementDeclined).Text
	}
	return ""
}

// register registers trades, which the mainframe books.
func (c *core) register(trades ...trade) {
	c.Helper()
	c.registerOnly(trades...)
	for _, t := range trades {
		c.book(t, 1)
	}
}

// book lets the mainframe book a version of a trade.
func (c *core) book(t trade, version int) {
	c.Helper()
	c.good(steps.BookingSteps(static), c.booked(t, version))
}

// booked is the word that the mainframe has booked a version of a trade.
func (c *core) booked(t trade, version int) event.Event {
	c.Helper()
	e := told(c.T, contract.TradeBooked, t.number+"/"+strconv.Itoa(version), messages.Booked{TradeID: t.id(), Version: version})
	e.Time = c.clock
	return e
}

// registerOnly registers trades that the mainframe has not booked yet.
func (c *core) registerOnly(trades ...trade) {
	c.Helper()
	events := make([]event.Event, len(trades))
	for i, t := range trades {
		events[i] = t.registered(c.T)
	}
	c.good(steps.Trades(static), events...)
}

// run runs the job until nothing is left, and returns what it emitted but for its own messages.
func (c *core) run(job string) []event.Event {
	c.Helper()
	return c.runWith(static, job)
}

func (c *core) runWith(static steps.Static, job string) []event.Event {
	c.Helper()
	c.runs++
	start := told(c.T, contract.JobCommanded, job+strconv.Itoa(c.runs), jobs.Command{Job: job, Due: c.clock, By: "U0001", Reason: "test"})
	var all []event.Event
	for parts := []event.Event{start}; len(parts) > 0; {
		emitted := c.jobs(static, parts...)
		parts = nil
		for _, one := range emitted {
			switch one.Type {
			case contract.JobDue:
				parts = append(parts, one)
			case contract.JobFinished:
				if end := dataOf[jobs.Ended](c.T, one, contract.JobFinished); end.State != jobs.Finished {
					c.Fatalf("%+v", end)
				}
			default:
				all = append(all, one)
			}
		}
	}
	return all
}

// withJobs makes the tables of the jobs.
func (c *core) withJobs() {
	c.Helper()
	if err := postgres.Migrate(c.Context(), c.pool, jobs.Migrations); err != nil {
		c.Fatal(err)
	}
}

// forgetRuns empties the tables of the jobs.
func (c *core) forgetRuns() {
	c.Helper()
	if _, err := c.pool.Exec(c.Context(), "delete from job_run; delete from job"); err != nil {
		c.Fatal(err)
	}
}

// jobs hands events to the jobs' queue, and returns what they lead to.
func (c *core) jobs(static steps.Static, events ...event.Event) []event.Event {
	c.Helper()
	handler := steps.Jobs(static, cmp.Or(c.part, partSize), nil).Steps(func() time.Time { return c.clock }).Handler(c.pool, "settlement/1", testkit.Log(c.T))
	var all []event.Event
	for _, r := range handler.Handle(c.Context(), events) {
		if r.Err != nil {
			c.Fatal(r.Err)
		}
		all = append(all, r.Emit...)
	}
	return all
}

// asked lets a run of the job wait until the schedule asks for its next part, and returns that part's message.
func (c *core) asked(job string) event.Event {
	c.Helper()
	if _, err := c.pool.Exec(c.Context(), "update job_run set moved_at = moved_at - interval '1 minute'"); err != nil {
		c.Fatal(err)
	}
	var published jobstest.Published
	schedule := jobs.Schedule{ // of this job alone, which then is never due
		Set: jobs.New("settlement", jobs.Job{Name: job, Begin: func(jobs.Run) jobs.Part { return nil }}), Pool: c.pool, Publisher: &published, Clock: func() time.Time { return c.clock },
		Source: "settlement/1", Log: testkit.Log(c.T),
	}
	if err := schedule.Tick(c.Context(), c.clock); err != nil {
		c.Fatal(err)
	}
	all := published.Take()
	if len(all) != 1 {
		c.Fatalf("the schedule published %v", all)
	}
	return all[0]
}

// only returns the events of a type.
func only(typ event.Type, all []event.Event) (found []event.Event) {
	for _, e := range all {
		if e.Type == typ {
			found = append(found, e)
		}
	}
	return found
}

// balanced fails the test if the ledger and the obligations disagree.
func (c *core) balanced() {
	c.Helper()
	if got := c.rows("select client || ' ' || currency || ' ' || value_date || ' ' || ledger || ' ' || obligations from imbalance"); got != "" {
		c.Errorf("imbalance: %s", got)
	}
}

// books returns what the books that are not at zero hold, one a line.
func (c *core) books() string {
	c.Helper()
	return c.rows("select book || ' ' || currency || ' ' || sum(amount) from balance group by book, currency having sum(amount) <> 0 order by 1")
}

func (c *core) rows(query string, args ...any) string {
	c.Helper()
	rows, err := c.pool.Query(c.Context(), query, args...)
	if err != nil {
		c.Fatal(err)
	}
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			c.Fatal(err)
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		c.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

// trade is a registered trade. An amount below zero is sold.
type trade struct {
	number, client, product string
	legs                    []leg
}

type leg struct{ date, base, amount, quote, quoted string }

func spot(number, client, amount, quoted string) trade {
	return trade{number, client, "spot", []leg{{day, "EUR", amount, "USD", quoted}}}
}

func (t trade) id() string { return event.NewID(testkit.Day, "trade", t.number) }

func (t trade) registered(tb testing.TB) event.Event {
	tb.Helper()
	legs := make([]map[string]any, len(t.legs))
	for i, l := range t.legs {
		amount, sold := strings.CutPrefix(l.amount, "-")
		side := map[bool]string{false: "buy", true: "sell"}[sold]
		legs[i] = map[string]any{
			"value_date": l.date, "base": l.base, "base_side": side, "base_amount": amount, "quote": l.quote, "quote_amount": l.quoted,
		}
	}
	e, err := event.New(contract.TradeRegistered, event.NewID(testkit.Day, "message", t.number), "alpha", t.id(), map[string]any{
		"request":    map[string]any{"client": t.client, "account": ""},
		"authorized": map[string]any{"desk": "FXS1"},
		"validated":  map[string]any{"product": t.product, "pair": "EUR/USD", "legs": legs},
		"registered": map[string]any{"trade_id": t.id(), "version": 1},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

// madeOf answers a request: the mainframe has moved the money.
func madeOf(tb testing.TB, request event.Event, reference string, at time.Time) event.Event {
	tb.Helper()
	return told(tb, contract.MovementMade, request.ID+reference, messages.MovementMade{
		MovementID: requestOf(tb, request).MovementID, Reference: reference, MovedAt: at,
	})
}

func refusedOf(tb testing.TB, request event.Event, code string) event.Event {
	tb.Helper()
	r := requestOf(tb, request)
	return told(tb, contract.MovementRefused, request.ID+code, messages.MovementRefused{MovementID: r.MovementID, Attempt: r.Attempt, Code: code, Text: "refused"})
}

func requestOf(tb testing.TB, e event.Event) messages.MovementRequested {
	tb.Helper()
	return dataOf[messages.MovementRequested](tb, e, contract.MovementRequested)
}

func dataOf[T any](tb testing.TB, e event.Event, want event.Type) T {
	tb.Helper()
	var data T
	if e.Type != want {
		tb.Fatalf("%s, want %s: %s", e.Type, want, e.Data)
	}
	if err := json.Unmarshal(e.Data, &data); err != nil {
		tb.Fatal(err)
	}
	return data
}

func told(tb testing.TB, typ event.Type, id string, data any) event.Event {
	tb.Helper()
	e, err := event.New(typ, event.NewID(testkit.Day, typ.Name, id), contract.Batch, id, data)
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

func dec(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func (c *core) exec(statement string, args ...any) {
	c.Helper()
	if _, err := c.pool.Exec(c.Context(), statement, args...); err != nil {
		c.Fatal(err)
	}
}
