//go:build e2e

package e2e

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/programs"
)

// shared are the services of which several replicas work at the same time, with the counters that show it: those of the queues
// which all replicas may consume at once.
func (c *core) shared(t *testing.T) map[string][]string {
	t.Helper()
	counters := map[string][]string{}
	for _, service := range programs.Names(programs.Carriers()) {
		topology, err := c.Topology(t.Context(), service)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range topology.Queues {
			if !q.SingleActive {
				counters[service] = append(counters[service], q.Name+".handled")
			}
		}
		if len(counters[service]) == 0 {
			t.Fatalf("%s has no queue that its replicas share", service)
		}
	}
	return counters
}

// replicas: of two, and of three, each does all the work while the others are away; a third one joins with the service's settings
// alone. All of them come and go without anyone noticing.
func (c *core) replicas(t *testing.T) {
	before := c.lines(t)
	ts := c.open(t, "replicas", "TEST5", "TEST6")
	ts.trade(t, 60)
	services := c.shared(t)
	for service, counters := range services {
		for of, other := range map[string]string{"1": "2", "2": "1"} {
			p, err := c.Process(service + "-" + of)
			if err != nil {
				t.Fatal(err)
			}
			c.alone(t, service, counters, p.Health, other)
		}
	}
	t.Logf("either replica of %d services does all the work", len(services))
	var thirds []*third
	for service := range services {
		thirds = append(thirds, c.byHand(t, service))
	}
	for _, x := range thirds {
		c.alone(t, x.service, services[x.service], x.awaitHealth(t), "1", "2")
		c.leaves(t, x)
	}
	ts.finish(t)
	for _, why := range ts.rejected() {
		t.Errorf("rejected without a mistake: %s", why)
	}
	c.noErrorSince(t, before)
	c.judge(t, c.undisturbed()...)
}

// alone stops the other replicas of a service as an operator would, and waits until the one at this health address has handled
// something: at each queue one is preferred, so a replica need not get anything while the others are there. The supervisor starts
// those again.
func (c *core) alone(t *testing.T, service string, counters []string, health string, others ...string) {
	t.Helper()
	was := sum(t, health, counters)
	stopped := map[string]int{} // the process of each
	testkit.Eventually(t, service+" at "+health+" to handle an event, alone", time.Minute, func() error {
		for _, n := range others {
			p, err := c.Process(service + "-" + n)
			if err == nil && p.State == "ready" && stopped[n] != p.PID {
				stopped[n] = p.PID
				err = p.Signal(syscall.SIGTERM)
			}
			if err != nil {
				return err
			}
		}
		if now := sum(t, health, counters); now <= was {
			return fmt.Errorf("%v are together still %v", counters, now)
		}
		return nil
	})
	for n, pid := range stopped {
		testkit.Eventually(t, service+"-"+n+" to be back", time.Minute, func() error {
			p, err := c.Process(service + "-" + n)
			if err == nil && (p.PID == pid || p.State != "ready") {
				err = fmt.Errorf("process %d is %s", p.PID, p.State)
			}
			return err
		})
	}
}

// third is one replica more, started as a person would.
type third struct {
	service, log string
	cmd          *exec.Cmd
}

// byHand starts a replica in a shell that knows nothing but the service's settings.
func (c *core) byHand(t *testing.T, service string) *third {
	t.Helper()
	x := &third{service: service, log: filepath.Join(c.Folder, "hand", service+".log")}
	log, err := os.Create(x.log)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = log.Close() }()
	script := fmt.Sprintf("set -a; . '%s'; exec '%s'", filepath.Join(c.Folder, "env", service), filepath.Join(c.Bin, service))
	x.cmd = exec.Command("sh", "-c", script) //nolint:gosec,noctx // leaves by SIGTERM
	x.cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
	x.cmd.Stdout, x.cmd.Stderr = log, log
	x.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := x.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.cmd.Process.Kill() }) // a test that failed before it left
	return x
}

// awaitHealth waits until the replica says where its health is.
func (x *third) awaitHealth(t *testing.T) (health string) {
	t.Helper()
	testkit.Eventually(t, x.service+", started by hand, to say where its health is", time.Minute, func() (err error) {
		health, err = x.health()
		return err
	})
	return health
}

func (x *third) health() (string, error) {
	file, err := os.Open(x.log)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var entry struct {
			Message string `json:"message"`
			Address string `json:"server.address"`
		}
		if json.Unmarshal(lines.Bytes(), &entry) == nil && entry.Message == "health is served" {
			return "http://" + entry.Address, nil
		}
	}
	return "", errors.New("not in its log")
}

// leaves stops the replica as an operator would, and holds how it went.
func (c *core) leaves(t *testing.T, x *third) {
	t.Helper()
	began := time.Now()
	if err := x.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := x.cmd.Wait(); err != nil {
		t.Errorf("%s, started by hand, ended with %v", x.service, err)
	}
	t.Logf("a third %s joined, worked, and left in %s", x.service, since(began))
	for _, line := range errorLines(t, x.log, 0) {
		t.Errorf("%s, started by hand: %s", x.service, line)
	}
}

// lines is how long each log is now, in lines.
func (c *core) lines(t *testing.T) map[string]int {
	t.Helper()
	files, err := filepath.Glob(c.Log("*"))
	if err != nil {
		t.Fatal(err)
	}
	n := map[string]int{}
	for _, f := range files {
		n[f] = len(readLines(t, f))
	}
	return n
}

// noErrorSince fails the test for each error that a process of ours has logged since.
func (c *core) noErrorSince(t *testing.T, before map[string]int) {
	t.Helper()
	for f := range c.lines(t) {
		for _, line := range errorLines(t, f, before[f]) {
			t.Errorf("%s: %s", filepath.Base(f), line)
		}
	}
}

func errorLines(t *testing.T, file string, from int) []string {
	t.Helper()
	var found []string
	for _, line := range readLines(t, file)[from:] {
		if strings.Contains(line, `"log.level":"error"`) || strings.HasPrefix(line, "panic:") {
			found = append(found, line)
		}
	}
	return found
}

func readLines(t *testing.T, file string) []string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
}
