package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/health"
	"fxcore/lambda/testkit"
)

// asGateway makes this test binary the gateway: tests kill it, which they can only do to a process of its own.
const asGateway = "FIX_TEST_AS_GATEWAY"

func TestMain(m *testing.M) {
	if os.Getenv(asGateway) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// cheapHash is "secret" hashed at the lowest cost, so that tests need not wait.
const cheapHash = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$vk+JgWgZGbXHtEqPQPhzXbD+QxxkJR5Fq2AXLhDyYaY"

// providersFile has a few of each version, all with the password "secret".
func providersFile() string {
	var entries []string
	add := func(id, more string) { entries = append(entries, providerEntry(id, more)) }
	for _, id := range []string{"ALPHA", "BETA50", "GAMMA", "DELTA", "ECHO"} {
		add(id, "")
	}
	add("NEVER", `,"reset":"never"`)
	add("ELSEWHERE", `,"addresses":["192.0.2.0/24"]`)
	add("CERTIFIED", `,"certificate":"certified.example"`)
	add("ALSO", `,"certificate":"also.example"`)
	add("SLOW", `,"throttle":{"per_second":20,"burst":5}`)
	return providersOf(entries)
}

// providerEntry is a provider of the version that its id ends with, with more keys.
func providerEntry(id, more string) string {
	version := `"begin_string":"FIX.4.4"`
	if strings.HasSuffix(id, "50") {
		version = `"begin_string":"FIXT.1.1","default_appl_ver_id":"9"`
	}
	return fmt.Sprintf(`{"id":%q,%s,"sender_comp_id":%q,"target_comp_id":"FXCORE","user":%q,"password_hash":%q,"dialect":"standard"%s}`,
		id, version, id, strings.ToLower(id), cheapHash, more)
}

func providersOf(entries []string) string {
	return `{"providers":[` + strings.Join(entries, ",") + `]}`
}

// testGateway is the gateway as a process, with its own broker vhost and database schema, which outlive it.
type testGateway struct {
	t       testing.TB
	env     []string
	address string
	health  string
	process *exec.Cmd
	exited  chan struct{}
	log     *syncBuffer
	broker  string
	passive bool // start does not wait until it serves the sessions
}

// newGateway prepares a gateway without starting it. Settings are NAME=value.
func newGateway(t testing.TB, settings ...string) *testGateway {
	t.Helper()
	g := &testGateway{t: t, address: freeAddress(t), health: freeAddress(t), broker: testkit.AMQP(t), log: &syncBuffer{}}
	g.env = append([]string{
		asGateway + "=1", "AMQP_URL=" + g.broker, "POSTGRES_URL=" + testkit.PostgresURL(t), "FIX_ADDR=" + g.address,
		"HEALTH_ADDR=" + g.health, "FIX_PROVIDERS=" + providersFile(), "REPLICA=test", "LOG_LEVEL=debug",
		"PATH=" + os.Getenv("PATH"), "TMPDIR=" + t.TempDir(),
	}, settings...)
	t.Cleanup(g.kill)
	t.Cleanup(func() {
		for _, bad := range []string{"DATA RACE", "panic:", "=secret"} {
			if strings.Contains(g.log.String(), bad) {
				t.Errorf("the gateway's output has %q", bad)
			}
		}
		if t.Failed() {
			t.Logf("gateway's log:\n%s", g.log.tail(12_000))
		}
	})
	return g
}

// startGateway starts one that nobody is to take over from soon: so its leases last over whatever a busy machine does to it.
func startGateway(t testing.TB, settings ...string) *testGateway {
	t.Helper()
	g := newGateway(t, append([]string{"LEASE_LENGTH=20s"}, settings...)...)
	g.start()
	return g
}

func (g *testGateway) start() {
	g.t.Helper()
	g.process = exec.Command(os.Args[0]) //nolint:gosec,noctx // ourselves; ended by kill
	g.process.Env, g.process.Stdout, g.process.Stderr = g.env, g.log, g.log
	if err := g.process.Start(); err != nil {
		g.t.Fatal(err)
	}
	g.exited = make(chan struct{})
	go func(p *exec.Cmd, exited chan struct{}) { _ = p.Wait(); close(exited) }(g.process, g.exited)
	testkit.Eventually(g.t, "the gateway", 30*time.Second, func() error {
		status, err := g.status()
		if err == nil && !status.Ready {
			err = fmt.Errorf("not ready: %v", status.Reasons)
		}
		if err == nil && !g.passive {
			err = servesAll(status) // one that was killed a moment ago still has the leases
		}
		return err
	})
}

func servesAll(status health.Status) error {
	for name, value := range status.Counters {
		if strings.HasSuffix(name, ".active") && value == 0 {
			return fmt.Errorf("%s is 0", name)
		}
	}
	return nil
}

func (g *testGateway) status() (health.Status, error) {
	var status health.Status
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://"+g.health+"/status", nil)
	if err != nil {
		return status, err
	}
	request.Close = true
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return status, err
	}
	defer func() { _ = answer.Body.Close() }()
	return status, json.NewDecoder(answer.Body).Decode(&status)
}

// expectNoPassword looks into the log and into all that the store keeps.
func (g *testGateway) expectNoPassword() {
	g.t.Helper()
	if strings.Contains(g.log.String(), "secret") {
		g.t.Error("the log shows a password")
	}
	pool := g.database()
	defer pool.Close()
	var kept, shown int
	row := pool.QueryRow(context.Background(), `select count(*), count(*) filter (where encode(body, 'escape') ~ 'secret|554=|925=')
		from (select body from message union all select body from answer) all_bodies`)
	if err := row.Scan(&kept, &shown); err != nil || kept == 0 || shown != 0 {
		g.t.Errorf("%d of %d messages show a password, error %v", shown, kept, err)
	}
}

// database opens the gateway's schema, for a look or a touch from outside.
func (g *testGateway) database() *pgxpool.Pool {
	g.t.Helper()
	for _, setting := range g.env {
		if address, ours := strings.CutPrefix(setting, "POSTGRES_URL="); ours {
			pool, err := pgxpool.New(context.Background(), address)
			if err != nil {
				g.t.Fatal(err)
			}
			return pool
		}
	}
	g.t.Fatal("the gateway has no POSTGRES_URL")
	return nil
}

// counter waits until one of the gateway's counters has a value.
func (g *testGateway) counter(name string, want int64) {
	g.t.Helper()
	testkit.Eventually(g.t, name, 15*time.Second, func() error {
		status, err := g.status()
		if err != nil {
			return err
		}
		if got, known := status.Counters[name]; !known || got != want {
			return fmt.Errorf("%d (known: %v), want %d", got, known, want)
		}
		return nil
	})
}

// kill is kill -9.
func (g *testGateway) kill() { g.signal(syscall.SIGKILL) }

// stop is what an update does.
func (g *testGateway) stop() { g.signal(syscall.SIGTERM) }

func (g *testGateway) signal(s syscall.Signal) {
	if g.process == nil {
		return
	}
	_ = g.process.Process.Signal(s)
	select {
	case <-g.exited:
	case <-time.After(30 * time.Second):
		g.t.Error("the gateway did not end")
	}
	g.process = nil
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func (b *syncBuffer) tail(n int) string {
	all := b.String()
	return all[max(0, len(all)-n):]
}

// cpu ends the gateway and tells how much processor time it took, from its start.
func (g *testGateway) cpu() time.Duration {
	process := g.process
	g.kill()
	return process.ProcessState.UserTime() + process.ProcessState.SystemTime()
}

// profile writes a CPU profile of the gateway to a file.
func (g *testGateway) profile(file string) {
	answer, err := http.Get("http://" + g.health + "/debug/pprof/profile?seconds=4") //nolint:noctx // ends by itself
	if err != nil {
		return
	}
	defer func() { _ = answer.Body.Close() }()
	out, err := os.Create(file) //nolint:gosec // the developer's choice
	if err != nil {
		return
	}
	defer func() { _ = out.Close() }()
	_, _ = io.Copy(out, answer.Body)
}
