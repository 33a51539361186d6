package watch_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	amqp "github.com/rabbitmq/amqp091-go"

	fxamqp "fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres"
	"fxcore/lambda/testkit"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
	"fxcore/scripts/dev/fxcore/internal/watch"
	"fxcore/services/contract"
	"fxcore/services/jobs"
)

const trade = "11111111-1111-8111-8111-111111111111"

// bank is a database for one test, with the services' real tables.
type bank struct {
	t    *testing.T
	url  string
	conn *pgx.Conn
}

func newBank(t *testing.T) bank {
	t.Helper()
	server := os.Getenv(testkit.PostgresVariable)
	if server == "" {
		t.Fatal("no PostgreSQL: run make test, which starts it")
	}
	name := fmt.Sprintf("fxcore_watch_%d", time.Now().UnixNano())
	admin := connect(t, server)
	execute(t, admin, "create database "+name)
	t.Cleanup(func() { execute(t, connect(t, server), "drop database "+name+" with (force)") })
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	b := bank{t: t, url: u.String()}
	for _, service := range append(services(), "settlement", "api") {
		b.migrate(service)
	}
	b.conn = connect(t, b.url)
	return b
}

// services returns the services whose tables a report needs.
func services() []string { return []string{"auth", "trading", "linecheck", "responsibility"} }

// programs returns a folder of programs that describe the services' queues. Besides its own events, each of them
// reads trade.registered.
func programs(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	for service, takes := range map[string][]event.Type{
		"auth": {contract.TradeRequested}, "trading": {contract.TradeAuthorized, contract.TradeReserved},
		"linecheck": {contract.TradeValidated}, "responsibility": {contract.TradeRegistered},
	} {
		facts := fxamqp.Queue{Name: service + ".facts", Bindings: contract.Bindings(contract.TradeRegistered)}
		main := fxamqp.Queue{Name: service, Bindings: contract.Bindings(takes...)}
		text, err := json.Marshal(fxamqp.Topology{Service: service, Queues: []fxamqp.Queue{main, facts}})
		if err != nil {
			t.Fatal(err)
		}
		script := "#!/bin/sh\necho '" + string(text) + "'\n"
		if err := os.WriteFile(filepath.Join(bin, service), []byte(script), 0o700); err != nil { //nolint:gosec // a program
			t.Fatal(err)
		}
	}
	return bin
}

func (b bank) migrate(service string) {
	b.t.Helper()
	pool, err := pgxpool.New(b.t.Context(), b.url+"&search_path="+service)
	if err != nil {
		b.t.Fatal(err)
	}
	defer pool.Close()
	sources := []fs.FS{inbox.Migrations}
	if service == "settlement" {
		sources = append(sources, jobs.Migrations)
	}
	own := os.DirFS(filepath.Join("..", "..", "..", "..", "..", "services", service, "internal", "store", "migrations"))
	if err := postgres.Migrate(b.t.Context(), pool, append(sources, own)...); err != nil {
		b.t.Fatal(err)
	}
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func execute(t *testing.T, conn *pgx.Conn, statement string, args ...any) {
	t.Helper()
	if _, err := conn.Exec(context.Background(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// trade registers one trade as the services do. The request is at asked, and each step some ms later.
func (b bank) trade(asked time.Time) {
	b.t.Helper()
	at := func(ms int) time.Time { return asked.Add(time.Duration(ms) * time.Millisecond) }
	execute(b.t, b.conn, `insert into trading.trade (id, version, status, kind, provider, reference, quote_id, client, account,
		product, base, quote, dealt_currency, trade_date, transacted_at, spot_date, reference_rate, reference_as_of, usd_amount,
		registered_at, booking_reference, booked_at)
		values ($1, 1, 'booked', 'request', 'ALPHA', 'A-1', '', 'C000001', '', 'spot', 'EUR', 'USD', 'EUR', '2026-11-23', $2,
		'2026-11-25', 1.15, $2, 1150000, $3, 'B1', $4)`, trade, asked, at(20), at(60))
	execute(b.t, b.conn, `insert into trading.trade_leg values ($1, 1, 1, '2026-11-25', 'EUR', 'buy', 1000000, 'USD', 1150000, 1.15)`, trade)
	execute(b.t, b.conn, `insert into auth.request values ($1, 'digest', $2, '2026-11-23')`, trade, event.NewID(testkit.Day, "first"))
	id := event.NewID(testkit.Day, "first")
	for i, step := range []struct{ service, next string }{
		{"auth", "trade.authorized"},
		{"trading", "trade.validated"},
		{"linecheck", "trade.reserved"},
		{"trading", "trade.registered"},
		{"responsibility", "trade.assigned"},
	} {
		execute(b.t, b.conn, "insert into "+step.service+".inbox (id, at) values ($1, $2)", id, at(3*(i+1)))
		id = event.NewID(testkit.Day, id, step.next)
	}
}

func (b bank) rejection(at time.Time) {
	b.t.Helper()
	execute(b.t, b.conn, `insert into trading.rejection values ($1, $2, 'BETA', 'B-1', 'request', 'C000901', 'spot', 'EUR/USD', 'line_exceeded', 'too much', 'linecheck', $3)`,
		event.NewID(testkit.Day, "rejected"), event.NewID(testkit.Day, "other trade"), at)
}

// running is a core with an instance of the gateway at each address, and one instance that does not run.
func running(gateways ...string) supervisor.Record {
	r := supervisor.Record{State: supervisor.Running, Processes: []supervisor.Process{{Name: "auth", Replica: "1", State: "ready", PID: 7}}}
	for i, address := range gateways {
		r.Processes = append(r.Processes, supervisor.Process{Name: "fix", Replica: fmt.Sprint(i + 1), State: "ready", PID: 8 + i, Health: address})
	}
	r.Processes = append(r.Processes, supervisor.Process{Name: "fix", Replica: "9", State: "restarting", Health: "http://127.0.0.1:1"})
	return r
}

// gateway plays an instance of the gateway.
func gateway(t *testing.T, status string) string {
	t.Helper()
	g := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(status)) }))
	t.Cleanup(g.Close)
	return g.URL
}

func TestAReportTellsWhatWasTradedAndEachTradesWay(t *testing.T) {
	b := newBank(t)
	asked := time.Now().Add(-2 * time.Second).Truncate(time.Millisecond)
	b.rejection(asked.Add(-time.Second))
	b.trade(asked)
	w := watch.New(t.Context(), watch.Settings{
		Postgres: b.url, AMQP: "amqp://127.0.0.1:1", Gateways: []string{"fix"}, Bin: programs(t), Programs: services(),
	})
	defer w.Close()
	r := w.Look(t.Context(), running("http://127.0.0.1:1"))

	if r.TradesRegistered != 1 || r.TradesRejected != 1 || r.LineChecks != 0 {
		t.Errorf("counted %d registered, %d rejected, %d checks", r.TradesRegistered, r.TradesRejected, r.LineChecks)
	}
	if r.P50 != 20 || r.P99 != 20 || r.TradesPerSecond <= 0 || r.TradesPerSecond > 1 {
		t.Errorf("speed %v/s, p50 %v, p99 %v", r.TradesPerSecond, r.P50, r.P99)
	}
	if len(r.LastTrades) != 2 {
		t.Fatalf("last trades %+v", r.LastTrades)
	}
	first := r.LastTrades[0]
	if want := "spot EUR/USD buy 1000000 at 1.15 C000001"; first.Text != want || first.Status != "booked" || first.ID != trade {
		t.Errorf("trade %+v, want %q", first, want)
	}
	var way []string
	for _, s := range first.Way {
		way = append(way, fmt.Sprint(s.Name, " ", s.After.Milliseconds()))
	}
	want := []string{"auth 3", "trading 6", "linecheck 9", "trading 12", "responsibility 15", "mainframe 60"}
	if diff := cmp.Diff(want, way); diff != "" {
		t.Error(diff)
	}
	if got := r.LastTrades[1].Status; got != "rejected: line_exceeded" {
		t.Errorf("the rejection shows as %q", got)
	}
	if len(r.Problems) != 2 { // no broker and no gateway here: the report says so, and contains the rest
		t.Errorf("problems %q", r.Problems)
	}
}

func TestAReportHasTheJobsAndTheSettlements(t *testing.T) {
	b := newBank(t)
	due := time.Date(2026, 12, 1, 7, 0, 0, 0, time.UTC) // the bank's clock may be ahead of the server's
	for i, state := range []string{"open", "open", "instructed", "settled", "settled", "settled", "failed"} {
		from := due.Add(-time.Hour)
		if i == 0 {
			from = due.Add(time.Hour)
		}
		execute(t, b.conn, `insert into settlement.obligation (trade_id, trade_version, leg, state, movement, origin, client, account, desk, product,
			value_date, base, base_amount, quote, quote_amount, due_from, not_after, dealt_at_once)
			values ($1, 1, 1, $2, case when $2::text <> 'open' then gen_random_uuid() end, 'alpha', 'C', '', 'D', 'spot', '2026-12-01', 'EUR', 1, 'USD', -1, $3, $3, true)`,
			event.NewID(testkit.Day, fmt.Sprint(i)), state, from)
	}
	execute(t, b.conn, `insert into settlement.job_run (job, due, attempt, state, part, done, total, begun_at)
		values ('execute', $1, 0, 'running', 3, 30, 90, now() - interval '10 s')`, due)
	w := watch.New(t.Context(), watch.Settings{Postgres: b.url, AMQP: "amqp://127.0.0.1:1", Gateways: []string{"fix"}})
	defer w.Close()
	r := w.Look(t.Context(), running("http://127.0.0.1:1"))
	text, err := json.Marshal(r.Settlements)
	if err != nil || string(text) != `{"due":2,"executed":3,"failed":1}` || r.BusinessDay != "2026-12-01" {
		t.Errorf("settlements %s on %s, %v", text, r.BusinessDay, err)
	}
	if len(r.Jobs) != 1 {
		t.Fatalf("jobs %+v", r.Jobs)
	}
	j := r.Jobs[0]
	if j.Service != "settlement" || j.Name != "execute" || j.State != "running" || j.Done != 30 || j.Total != 90 || !j.Due.Equal(due) ||
		j.PerSecond <= 0 || j.RemainingSeconds <= 0 {
		t.Errorf("%+v", j)
	}
}

func TestBeforeTheServicesHaveMadeTheirTablesThereIsNothingToReport(t *testing.T) {
	w := watch.New(t.Context(), watch.Settings{Postgres: os.Getenv(testkit.PostgresVariable), AMQP: testkit.AMQP(t), Gateways: []string{"fix"}})
	defer w.Close()
	r := w.Look(t.Context(), running("http://127.0.0.1:1"))
	if r.TradesRegistered != 0 || len(r.LastTrades) != 0 || len(r.Problems) != 1 || !strings.Contains(r.Problems[0], "gateway") {
		t.Errorf("report %+v", r)
	}
}

func TestQueuesAndProvidersAreSeen(t *testing.T) {
	broker := testkit.AMQP(t)
	declare(t, broker, "fx.errors", 3)
	declare(t, broker, "fix.alpha", 0)
	first := gateway(t, `{"counters":{"provider.ALPHA.active":1,"provider.ALPHA.logged_on":1,"provider.ALPHA.since":1000,"provider.ALPHA.next_in":8,
		"provider.ALPHA.next_out":1,"provider.ALPHA.queue":2,"provider.BETA.active":0,"provider.BETA.next_in":4,"provider.GAMMA.active":0,"front.messages_garbled":4}}`)
	second := gateway(t, `{"counters":{"provider.ALPHA.active":0,"provider.ALPHA.next_in":3,"provider.BETA.active":1,"provider.BETA.logged_on":0,"provider.BETA.next_in":6,
		"provider.GAMMA.active":0,"provider.GAMMA.next_in":9}}`)
	w := watch.New(t.Context(), watch.Settings{Postgres: "postgres://127.0.0.1:1/none", AMQP: broker, Gateways: []string{"fix"}})
	defer w.Close()
	r := w.Look(t.Context(), running(first, second))

	wantProviders := []watch.Provider{
		{Name: "ALPHA", Instance: "fix-1", State: "logged on", Since: time.UnixMilli(1000).UTC(), Received: 7, Waiting: 2},
		{Name: "BETA", Instance: "fix-2", State: "logged off", Received: 5},
		{Name: "GAMMA", State: "logged off"},
	}
	if diff := cmp.Diff(wantProviders, r.Providers); diff != "" {
		t.Error(diff)
	}
	wantQueues := []watch.Queue{{Name: "fx.errors", Messages: 3}, {Name: "fix.alpha"}} // those that do not exist are left out
	if diff := cmp.Diff(wantQueues, r.Queues); diff != "" || r.ErrorQueue != 3 {
		t.Error(diff, r.ErrorQueue)
	}
	wantServices := []watch.Service{{Name: "auth", Replica: "1", State: "ready", PID: 7}}
	if diff := cmp.Diff(wantServices, r.Services[:1]); diff != "" {
		t.Error(diff)
	}
}

func declare(t *testing.T, broker, queue string, messages int) {
	t.Helper()
	ch := testkit.Channel(t, broker)
	if err := ch.Confirm(false); err != nil {
		t.Fatal(err)
	}
	if _, err := ch.QueueDeclare(queue, true, false, false, false, amqp.Table{"x-queue-type": "quorum"}); err != nil {
		t.Fatal(err)
	}
	for range messages {
		confirmed, err := ch.PublishWithDeferredConfirmWithContext(t.Context(), "", queue, false, false, amqp.Publishing{})
		if err != nil {
			t.Fatal(err)
		}
		if ok, err := confirmed.WaitContext(t.Context()); !ok || err != nil {
			t.Fatal("not confirmed", err)
		}
	}
}

// An instance that hangs or has died does not hide the others' answers.
func TestAnInstanceThatDoesNotAnswerIsNamed(t *testing.T) {
	serves := gateway(t, `{"counters":{"provider.ALPHA.active":1,"provider.ALPHA.logged_on":1}}`)
	w := watch.New(t.Context(), watch.Settings{Postgres: "postgres://127.0.0.1:1/none", AMQP: "amqp://127.0.0.1:1", Gateways: []string{"fix"}})
	defer w.Close()
	r := w.Look(t.Context(), running(serves, "http://127.0.0.1:1"))
	if len(r.Providers) != 1 || r.Providers[0].Instance != "fix-1" || !r.Providers[0].Connected() {
		t.Errorf("providers %+v", r.Providers)
	}
	if text := strings.Join(r.Problems, "\n"); !strings.Contains(text, "gateway fix-2") || strings.Contains(text, "fix-9") {
		t.Errorf("problems %q", r.Problems)
	}
}

func TestWhatDoesNotRunIsNotAsked(t *testing.T) {
	w := watch.New(t.Context(), watch.Settings{})
	defer w.Close()
	r := w.Look(t.Context(), supervisor.Record{State: supervisor.Stopped})
	if r.State != "stopped" || len(r.Problems) != 0 || r.Queues == nil || r.Providers == nil || r.Services == nil {
		t.Errorf("report %+v", r)
	}
}
