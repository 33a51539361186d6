// Package gatewaytest runs a gateway as a separate process for its tests, with a core that decides, and a second instance if a test
// needs one.
package gatewaytest

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp/amqptest"
	"fxcore/lambda/health"
	"fxcore/lambda/testkit"
)

// CheapHash is "secret" hashed at the lowest cost, so that tests need not wait.
const CheapHash = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$vk+JgWgZGbXHtEqPQPhzXbD+QxxkJR5Fq2AXLhDyYaY"

// Unhurried is a setting for a gateway that no other one takes over from soon. Its leases are long enough for a busy machine.
const Unhurried = "LEASE_LENGTH=20s"

// as returns the variable that makes a test binary run the gateway. The gateway must be a separate process, because tests kill it.
func as(prefix string) string { return prefix + "_TEST_AS_GATEWAY" }

// atOnce is how many tests of a gateway run at the same time. They wait for leases, periods and heartbeats for most of their time,
// so they are more than the processors of a small machine.
const atOnce = "6"

// Main runs the tests of a gateway, or the gateway itself if a test has started the binary for that. The flag -parallel takes
// precedence over atOnce.
func Main(m *testing.M, prefix string, gateway func()) {
	if os.Getenv(as(prefix)) != "" {
		gateway()
		return
	}
	if err := flag.Set("test.parallel", atOnce); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// ProvidersOf returns a provider file with these entries.
func ProvidersOf(entries ...string) string {
	return `{"providers":[` + strings.Join(entries, ",") + `]}`
}

// Gateway is a gateway process with its own broker vhost and database schema, which remain when the process ends.
type Gateway struct {
	T       testing.TB
	Env     []string
	Address string // where providers connect
	Health  string // its health address
	Process *exec.Cmd
	Log     *Log
	Broker  string
	Passive bool // Start does not wait until it serves the sessions

	prefix string
	exited chan struct{}
}

// New prepares a gateway and does not start it. The names of its settings begin with prefix: FIX, SOCKET. settings are NAME=value
// and take precedence.
func New(t testing.TB, prefix, providers string, settings ...string) *Gateway {
	t.Helper()
	g := &Gateway{prefix: prefix, T: t, Address: testkit.Address(t), Health: testkit.Address(t), Broker: testkit.AMQP(t), Log: &Log{}}
	g.Env = append([]string{
		as(prefix) + "=1", "AMQP_URL=" + g.Broker, "POSTGRES_URL=" + testkit.PostgresURL(t), prefix + "_ADDR=" + g.Address,
		"HEALTH_ADDR=" + g.Health, prefix + "_PROVIDERS=" + providers, "REPLICA=test", "LOG_LEVEL=debug",
		"PATH=" + os.Getenv("PATH"), "TMPDIR=" + t.TempDir(),
	}, append(amqptest.Environment(t), settings...)...)
	t.Cleanup(g.Kill)
	t.Cleanup(func() {
		for _, bad := range []string{"DATA RACE", "panic:", "=secret"} {
			if strings.Contains(g.Log.String(), bad) {
				t.Errorf("the gateway's output has %q", bad)
			}
		}
		if t.Failed() {
			t.Logf("gateway's log:\n%s", g.Log.Tail(12_000))
		}
	})
	return g
}

// Through puts a proxy between the gateway and the server whose URL a variable has. Call it before Start.
func (g *Gateway) Through(variable string) *testkit.Proxy {
	g.T.Helper()
	for i, setting := range g.Env {
		address, ours := strings.CutPrefix(setting, variable)
		if !ours {
			continue
		}
		proxy, relayed := testkit.Through(g.T, address)
		g.Env[i] = variable + relayed
		return proxy
	}
	g.T.Fatalf("the gateway has no %s", variable)
	return nil
}

// startBound is long, because a new broker on a busy machine must first create the queues of 300 providers.
const startBound = 2 * time.Minute

// Start starts the process. It returns when the gateway is ready and, unless it is passive, serves all sessions. It does not wait
// for the leases of an earlier process that was killed: it ends them.
func (g *Gateway) Start() {
	g.T.Helper()
	if g.exited != nil && !g.Passive {
		g.expireLeases()
	}
	g.Process = exec.Command(os.Args[0]) //nolint:gosec,noctx // ourselves; ended by kill
	g.Process.Env, g.Process.Stdout, g.Process.Stderr = g.Env, g.Log, g.Log
	if err := g.Process.Start(); err != nil {
		g.T.Fatal(err)
	}
	g.exited = make(chan struct{})
	go func(p *exec.Cmd, exited chan struct{}) { _ = p.Wait(); close(exited) }(g.Process, g.exited)
	testkit.Eventually(g.T, "the gateway", startBound, func() error {
		select {
		case <-g.exited:
			g.T.Fatalf("the gateway ended: %s", g.Process.ProcessState)
		default:
		}
		status, err := g.Status()
		if err == nil && !status.Ready {
			err = fmt.Errorf("not ready: %v", status.Reasons)
		}
		if err == nil && !g.Passive {
			err = servesAll(status)
		}
		return err
	})
}

// expireLeases ends all leases, as if their time had passed. A gateway that is not passive is the only one on its schema.
func (g *Gateway) expireLeases() {
	g.T.Helper()
	if _, err := g.Database().Exec(g.T.Context(), "update lease set expires_at = clock_timestamp()"); err != nil {
		g.T.Fatalf("end the leases: %v", err)
	}
}

func servesAll(status health.Status) error {
	for name, value := range status.Counters {
		if strings.HasSuffix(name, ".active") && value == 0 {
			return fmt.Errorf("%s is 0", name)
		}
	}
	return nil
}

// Status returns the status from the health address.
func (g *Gateway) Status() (health.Status, error) {
	var status health.Status
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://"+g.Health+"/status", nil)
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

// Database connects to the gateway's schema, so that a test can read or change it.
func (g *Gateway) Database() *pgxpool.Pool {
	g.T.Helper()
	for _, setting := range g.Env {
		if address, ours := strings.CutPrefix(setting, "POSTGRES_URL="); ours {
			return testkit.PostgresAt(g.T, address)
		}
	}
	g.T.Fatal("the gateway has no POSTGRES_URL")
	return nil
}

// Counter waits until one of the gateway's counters has a value.
func (g *Gateway) Counter(name string, want int64) {
	g.T.Helper()
	testkit.Eventually(g.T, name, patience, func() error { return g.Counts(name, want) })
}

// Counts returns nil if one of the gateway's counters has this value now.
func (g *Gateway) Counts(name string, want int64) error {
	status, err := g.Status()
	if err != nil {
		return err
	}
	if got, known := status.Counters[name]; !known || got != want {
		return fmt.Errorf("%s is %d (known: %v), want %d", name, got, known, want)
	}
	return nil
}

// Kill kills the process (kill -9).
func (g *Gateway) Kill() { g.signal(syscall.SIGKILL) }

// Stop ends the process in good order, as an update does.
func (g *Gateway) Stop() { g.signal(syscall.SIGTERM) }

// Freeze stops the process (SIGSTOP) until thaw is called or the test ends.
func (g *Gateway) Freeze() (thaw func()) {
	g.T.Helper()
	process := g.Process.Process
	if err := process.Signal(syscall.SIGSTOP); err != nil {
		g.T.Fatal(err)
	}
	thaw = sync.OnceFunc(func() { _ = process.Signal(syscall.SIGCONT) })
	g.T.Cleanup(thaw)
	return thaw
}

func (g *Gateway) signal(s syscall.Signal) {
	if g.Process == nil {
		return
	}
	_ = g.Process.Process.Signal(s)
	select {
	case <-g.exited:
	case <-time.After(30 * time.Second):
		g.T.Error("the gateway did not end")
	}
	g.Process = nil
}
