package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/amqp/amqptest"
	"fxcore/lambda/event"
	"fxcore/lambda/mirror/mirrortest"
	"fxcore/lambda/postgres"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/program"
	"fxcore/lambda/trust"
	"fxcore/lambda/trust/authority"
	"fxcore/services/contract"
)

// killedTrades is how many trades are due: several parts of a run, and many batches at the mainframe.
const killedTrades = 3000

// Everybody is killed while 3,000 legs are executed, the mainframe after it has moved money and before it says so. In the end each leg
// has moved once, and settlement has told each of them as settled.
func TestNothingMovesTwiceAndNothingIsForgottenWhoeverIsKilled(t *testing.T) {
	x := meet(t)
	x.register(t, 0, killedTrades/2)
	x.await(t, "the first trades", "select count(*) from obligation", 500)
	x.kill(t, "settlement-1")
	x.register(t, killedTrades/2, killedTrades)

	x.await(t, "a part of the run", "select count(*) from movement", 1000)
	x.kill(t, "settlement-1")
	x.kill(t, "settlement-2")
	x.order(t, "/wrong?how=die&every=50&for=5m")
	x.procs["simulator"].awaitEnd(t)
	x.run(t, "simulator")
	x.awaitMoved(t, killedTrades/4)
	x.kill(t, "gateway")
	x.await(t, "settled legs", "select count(*) from obligation where state = 'settled'", killedTrades/3)
	x.kill(t, "settlement-2")
	x.kill(t, "simulator")

	x.await(t, "all trades", "select count(*) from obligation", killedTrades)
	x.await(t, "all legs settled", "select count(*) from obligation where state = 'settled'", killedTrades)
	testkit.Eventually(t, "all legs told", patience, func() error {
		if n := x.settled.distinct(); n != killedTrades {
			return fmt.Errorf("%d of %d", n, killedTrades)
		}
		return nil
	})
	x.moneyMovedOnce(t)
}

const patience = 5 * time.Minute // for a busy machine

// moneyMovedOnce looks at the mainframe's book and at ours.
func (x *executed) moneyMovedOnce(t *testing.T) {
	t.Helper()
	moved := map[string]int{}
	for line := range strings.Lines(x.get(t, "/movements")) {
		var m struct {
			ID string `json:"movement_id"`
		}
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		moved[m.ID]++
	}
	if len(moved) != killedTrades {
		t.Errorf("the mainframe made %d movements of %d", len(moved), killedTrades)
	}
	for id, times := range moved {
		if times != 1 {
			t.Errorf("movement %s was made %d times", id, times)
		}
	}
	var balances map[string]string
	if err := json.Unmarshal([]byte(x.get(t, "/balances")), &balances); err != nil {
		t.Fatal(err)
	}
	if got := balances["C000001-EUR"]; got != strconv.Itoa(killedTrades) {
		t.Errorf("the client has %s euro", got)
	}
	for what, query := range map[string]string{
		"imbalance":                   "select count(*) from imbalance",
		"movements that are not made": "select count(*) from movement where state <> 'made'",
		"books of clients":            "select count(*) from (select from balance where book like 'client/%' group by book, currency having sum(amount) <> 0) b",
	} {
		if n := x.count(t, query); n != 0 {
			t.Errorf("%s: %d", what, n)
		}
	}
}

// executed is settlement, the gateway and a mainframe as processes, and who hears what settlement tells.
type executed struct {
	procs   map[string]*process
	db      *pgxpool.Pool
	bus     *amqp.Bus
	control string
	secure  *tls.Config // to the control
	settled *heard
}

// meet starts everything. The mainframe has the demo bank's accounts; the client has no euro and enough dollars.
func meet(t *testing.T) *executed {
	t.Helper()
	on := program.OwnServers(t)
	mirrortest.PublishAll(t, testkit.RedisAt(t, on.Redis.URL), time.Now(), map[string]map[string]string{
		"accounts":   {"C000001-EUR": `{"client":"C000001","currency":"EUR"}`, "C000001-USD": `{"client":"C000001","currency":"USD"}`},
		"nostros":    {"EUR": `{"nostro":"NOSTRO-EUR","settlement":"FXSETTLE-EUR"}`, "USD": `{"nostro":"NOSTRO-USD","settlement":"FXSETTLE-USD"}`},
		"agreements": {}, "balancing": {}, "pairs": {}, "calendars": {}, "points": {},
		"currencies": {"EUR": `{"minor_units":2,"deposit_rate":"0.02"}`, "USD": `{"minor_units":2,"deposit_rate":"0.04"}`},
		"rates":      {"USD": `{"mid":"1.1172","as_of":"2026-11-24T09:59:58Z"}`},
	})
	bin, host, certificates := t.TempDir(), testkit.Address(t), t.TempDir()
	testkit.Certify(t, certificates, authority.Subject{Name: "mainframe", Calls: true}, authority.Subject{Name: "mainframe-simulator", Hosts: []string{"127.0.0.1"}})
	x := &executed{procs: map[string]*process{}, control: testkit.Address(t), secure: trusted(t, certificates), settled: &heard{ids: map[string]bool{}, legs: map[string]bool{}}}
	servers := append(amqptest.Environment(t), "AMQP_URL="+on.AMQP.URL, "POSTGRES_URL="+on.Postgres.URL, "REDIS_URL="+on.Redis.URL, "STATIC_KEYS="+mirrortest.Keys(t))
	for name, folder := range map[string]string{
		"settlement-1": "services/settlement", "settlement-2": "services/settlement", "gateway": "gateways/mainframe", "simulator": "gateways/mainframe/simulator",
	} {
		health, component := testkit.Address(t), "mainframe"
		if name == "simulator" {
			component = "mainframe-simulator"
		}
		x.procs[name] = &process{
			program: build(t, bin, folder), output: t.Output(), health: health,
			env: append(slices.Clone(servers), "REPLICA="+name, "HEALTH_ADDR="+health, "MAINFRAME_ADDR="+host,
				"SIMULATOR_LISTEN="+host, "SIMULATOR_CONTROL="+x.control, "SIMULATOR_FOLDER="+filepath.Join(bin, "books"),
				"TLS_CA_FILE="+filepath.Join(certificates, "ca.crt"), "TLS_CERTIFICATE_FILE="+filepath.Join(certificates, component+".pem")),
		}
	}
	for name := range x.procs {
		x.run(t, name)
		t.Cleanup(x.procs[name].kill)
	}
	for name, p := range x.procs { // a queue that is not there yet gets nothing
		testkit.Eventually(t, name+" to be ready", patience, func() error { return ask(t, http.MethodGet, p.health, "/ready", io.Discard) })
	}
	x.bus = amqptest.Serve(t, on.AMQP, others, x.settled)
	db, err := postgres.Open(t.Context(), on.Postgres)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	x.db = db
	x.order(t, "/balance?account=C000001-EUR&amount=0")
	x.order(t, "/balance?account=C000001-USD&amount=1000000")
	return x
}

// run starts a process. The simulator must answer before anybody may order it.
func (x *executed) run(t *testing.T, name string) {
	t.Helper()
	x.procs[name].start(t)
	if name == "simulator" {
		testkit.Eventually(t, "the simulator", patience, func() error { return x.call(t, http.MethodGet, "/status", io.Discard) })
	}
}

// kill ends a process as kill -9 does, and starts it again.
func (x *executed) kill(t *testing.T, name string) {
	t.Helper()
	x.procs[name].kill()
	x.run(t, name)
}

func (x *executed) register(t *testing.T, from, to int) {
	t.Helper()
	today := time.Now().UTC().Format(time.DateOnly)
	for n := from; n < to; n++ {
		trade := event.NewID(event.DayOf(time.Now()), "trade", strconv.Itoa(n))
		e, err := event.New(contract.TradeRegistered, event.NewID(event.DayOf(time.Now()), "message", strconv.Itoa(n)), "alpha", trade, json.RawMessage(
			`{"request":{"client":"C000001"},"validated":{"product":"forward","pair":"EUR/USD","legs":[{"value_date":"`+today+`","base":"EUR","base_side":"buy",
			"base_amount":"1","quote":"USD","quote_amount":"1.12"}]},"registered":{"trade_id":"`+trade+`","version":1}}`))
		booked, err2 := event.New(contract.TradeBooked, event.NewID(event.DayOf(time.Now()), "booked", strconv.Itoa(n)), "alpha", trade,
			json.RawMessage(`{"trade_id":"`+trade+`"}`))
		booked.Time = time.Now().Add(time.Hour) // whatever the mainframe says of this trade, it is booked
		if err = errors.Join(err, err2); err == nil {
			err = x.bus.Publish(t.Context(), e, booked)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (x *executed) await(t *testing.T, what, query string, least int) {
	t.Helper()
	testkit.Eventually(t, what, patience, func() error {
		if n := x.count(t, query); n < least {
			return fmt.Errorf("%d of %d", n, least)
		}
		return nil
	})
}

func (x *executed) awaitMoved(t *testing.T, least int) {
	t.Helper()
	testkit.Eventually(t, "money to move", patience, func() error {
		if n, err := strconv.Atoi(strings.TrimSpace(x.get(t, "/movements/count"))); err != nil || n < least {
			return cmp.Or(err, fmt.Errorf("%d of %d", n, least))
		}
		return nil
	})
}

// count is 0 until the service has made its tables.
func (x *executed) count(t *testing.T, query string) (n int) {
	t.Helper()
	if err := x.db.QueryRow(t.Context(), query).Scan(&n); err != nil {
		t.Log(err)
	}
	return n
}

func (x *executed) order(t *testing.T, what string) {
	t.Helper()
	if err := x.call(t, http.MethodPost, what, io.Discard); err != nil {
		t.Fatal(err)
	}
}

func (x *executed) get(t *testing.T, path string) string {
	t.Helper()
	var text strings.Builder
	if err := x.call(t, http.MethodGet, path, &text); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// trusted is what the gateway knows and proves.
func trusted(t *testing.T, folder string) *tls.Config {
	t.Helper()
	known, err := trust.Open(trust.Config{CAFile: filepath.Join(folder, "ca.crt"), CertificateFile: filepath.Join(folder, "mainframe.pem")})
	if err != nil {
		t.Fatal(err)
	}
	return known.Dialing("127.0.0.1")
}

// call makes a request to the control of the mainframe's simulator.
func (x *executed) call(t *testing.T, method, path string, into io.Writer) error {
	t.Helper()
	return request(t, &http.Transport{DisableKeepAlives: true, TLSClientConfig: x.secure}, method, "https://"+x.control+path, into)
}

func ask(t *testing.T, method, address, path string, into io.Writer) error {
	t.Helper()
	return request(t, &http.Transport{DisableKeepAlives: true}, method, "http://"+address+path, into)
}

func request(t *testing.T, by *http.Transport, method, url string, into io.Writer) error {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		return err
	}
	response, err := (&http.Client{Transport: by}).Do(request)
	if err != nil {
		return err
	}
	_, err = io.Copy(into, response.Body)
	if response.StatusCode != http.StatusOK {
		err = errors.Join(err, errors.New(response.Status))
	}
	return errors.Join(err, response.Body.Close())
}

// heard collects what settlement tells. The broker may deliver a message twice; it then has the same id.
type heard struct {
	sync.Mutex
	ids, legs map[string]bool
	twice     []string
}

// Handle implements [amqp.Handler].
func (h *heard) Handle(_ context.Context, events []event.Event) []amqp.Result {
	h.Lock()
	defer h.Unlock()
	for _, e := range events {
		if h.legs[e.Correlation] && !h.ids[e.ID] {
			h.twice = append(h.twice, e.Correlation)
		}
		h.ids[e.ID], h.legs[e.Correlation] = true, true
	}
	return make([]amqp.Result, len(events))
}

// distinct is how many legs were told as settled, each by one message; -1 if a leg was told by two.
func (h *heard) distinct() int {
	h.Lock()
	defer h.Unlock()
	if len(h.twice) > 0 {
		return -1
	}
	return len(h.legs)
}

// process is a program that may be killed and started again.
type process struct {
	program string
	env     []string
	output  io.Writer
	health  string
	cmd     *exec.Cmd
}

func (p *process) start(t *testing.T) {
	t.Helper()
	p.cmd = exec.Command(p.program)
	p.cmd.Env, p.cmd.Stderr, p.cmd.Stdout = p.env, p.output, p.output
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait() // killed, as wanted
}

// awaitEnd waits until the process has ended by itself, as it was told.
func (p *process) awaitEnd(t *testing.T) {
	t.Helper()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = p.cmd.Wait() // its exit code says that it died
	}()
	select {
	case <-ended:
	case <-time.After(patience):
		t.Fatal("it does not end")
	}
}

// build makes a program once in the folder.
func build(t *testing.T, bin, source string) string {
	t.Helper()
	name := filepath.Join(bin, strings.ReplaceAll(source, "/", "-"))
	if _, err := os.Stat(name); err == nil {
		return name
	}
	if out, err := exec.Command("go", "build", "-o", name, "fxcore/"+source).CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", source, err, out)
	}
	return name
}
