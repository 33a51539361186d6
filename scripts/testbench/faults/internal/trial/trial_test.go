//go:build e2e

package trial_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/testkit"
	"fxcore/scripts/testbench/faults/internal/report"
	"fxcore/scripts/testbench/faults/internal/schedule"
	"fxcore/scripts/testbench/faults/internal/trial"
	"fxcore/scripts/testbench/oracle"
)

// start builds all programs and starts a core.
func start(t *testing.T) (c *trial.Core, folder string) {
	t.Helper()
	repository, err := filepath.Abs("../../../../..")
	if err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(repository, ".run", "faults-test")
	build := exec.CommandContext(t.Context(), "make", "--no-print-directory", "build", "BIN="+filepath.Join(home, "bin"))
	build.Dir, build.Env = repository, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v: %s", err, out)
	}
	folder = filepath.Join(home, "core")
	if c, err = trial.New(t.Context(), filepath.Join(home, "bin"), folder, t.Output()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if !t.Failed() {
			_ = os.RemoveAll(home)
		}
	})
	if err := c.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return c, folder
}

func try(t *testing.T, c *trial.Core, plan schedule.Run) report.Run {
	t.Helper()
	r, _, err := c.Try(t.Context(), plan)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(r.Line())
	return r
}

// calm returns a run without faults.
func calm(seed uint64) schedule.Run {
	r := schedule.Draw(seed, false)
	r.Faults, r.Window = nil, 2*time.Second
	return r
}

// TestWhatIsWrongIsFound damages a healthy core in several ways. Each time the judgement must find the damage.
func TestWhatIsWrongIsFound(t *testing.T) {
	c, folder := start(t)
	r := try(t, c, calm(1))
	for _, v := range r.Violations {
		t.Error(v)
	}
	if r.Granted == 0 || r.Granted < r.Requests/2 {
		t.Fatalf("of %d requests %d were granted", r.Requests, r.Granted)
	}
	t.Run("stores", func(t *testing.T) { stores(t, c, folder) })
	t.Run("records", func(t *testing.T) { records(t, c, folder) })
	t.Run("killed by nobody's plan", func(t *testing.T) { killed(t, c) })
	t.Run("panic", func(t *testing.T) { panics(t, c, folder) })
	t.Run("not back in time", func(t *testing.T) { away(t, c) })
}

func sees(t *testing.T, c *trial.Core, rule string) {
	t.Helper()
	e, err := c.Evidence(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found := oracle.Judge(e, oracle.Rules()...)
	if !slices.ContainsFunc(found, func(v oracle.Violation) bool { return v.Rule == rule }) {
		t.Errorf("want %q, found %v", rule, found)
	}
}

// stores changes the stores. Each change is undone, and then no rule is broken.
func stores(t *testing.T, c *trial.Core, folder string) {
	conn := connect(t, folder)
	for _, f := range []struct{ rule, forge, undo string }{
		{
			"filled is registered",
			"create table oracle.hidden as select * from trading.trade where id = (select min(id::text)::uuid from trading.trade); " +
				"set session_replication_role = replica; delete from trading.trade t using oracle.hidden h where t.id = h.id",
			"insert into trading.trade select * from oracle.hidden; drop table oracle.hidden; reset session_replication_role",
		},
		{
			"one holder",
			"insert into oracle.session_write (session, epoch, writer) select session, epoch - 1, writer from oracle.session_write where epoch > 0 limit 1",
			"delete from oracle.session_write where id = (select max(id) from oracle.session_write)",
		},
		{
			"usage of reservations",
			"update linecheck.node_usage set consumed = consumed + 0.01 where node = (select min(node) from linecheck.node_usage)",
			"update linecheck.node_usage set consumed = consumed - 0.01 where node = (select min(node) from linecheck.node_usage)",
		},
		{
			"line check used",
			"update linecheck.reservation set from_check = id, from_amount = amount " +
				"where from_check is null and id = (select min(id::text)::uuid from linecheck.reservation where kind = 'trade' and state = 'CONSUMED' and from_check is null)",
			"update linecheck.reservation set from_check = null, from_amount = null where from_check = id",
		},
	} {
		execute(t, conn, f.forge)
		sees(t, c, f.rule)
		execute(t, conn, f.undo)
	}
	well(t, c)
}

func connect(t *testing.T, folder string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), trial.URL(t, folder, "admin_postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func execute(t *testing.T, conn *pgx.Conn, statements string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), statements); err != nil {
		t.Fatalf("%s: %v", statements, err)
	}
}

// well waits until no rule is broken: the journal has a message up to a second after it was handled.
func well(t *testing.T, c *trial.Core) {
	t.Helper()
	testkit.Eventually(t, "no rule to be broken", time.Minute, func() error {
		e, err := c.Evidence(t.Context())
		if err != nil {
			return err
		}
		if found := oracle.Judge(e, oracle.Rules()...); len(found) > 0 {
			return fmt.Errorf("%v", found)
		}
		return nil
	})
}

// records changes the providers' records: an answer twice, and a request or an answer missing. It does so for each
// protocol.
func records(t *testing.T, c *trial.Core, folder string) {
	files, err := filepath.Glob(filepath.Join(folder, "records", "*.jsonl"))
	if err != nil || len(files) != 5 { // four providers and the API
		t.Fatalf("%v, %v", files, err)
	}
	for kind, forms := range map[string]struct{ provider, fill, order string }{
		"fix": {"-TEST", `"form":"8"`, `"form":"D"`}, "socket": {"-STEST", `"form":"E"`, `"form":"T"`},
	} {
		i := slices.IndexFunc(files, func(name string) bool { return strings.Contains(filepath.Base(name), forms.provider) })
		if i < 0 {
			t.Fatalf("%s: no record in %v", kind, files)
		}
		forge(t, c, files[i], forms.fill, forms.order)
	}
	well(t, c)
}

// forge changes a record in several ways, and undoes each change.
func forge(t *testing.T, c *trial.Core, record, fill, order string) {
	t.Helper()
	before, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(before), "\n")
	of := func(parts ...string) int {
		return slices.IndexFunc(lines, func(l string) bool {
			return !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(l, part) })
		})
	}
	filled, sent := of(`"received"`, fill, `"accepted"`), of(`"sent"`, order)
	if filled < 0 || sent < 0 {
		t.Fatalf("%s has no fill or no order", record)
	}
	for rule, forged := range map[string][]string{
		"answers in sequence":      slices.Insert(slices.Clone(lines), filled, lines[filled]),
		"answered once":            slices.Delete(slices.Clone(lines), filled, filled+1),
		"registered was asked for": slices.Delete(slices.Clone(lines), sent, sent+1),
	} {
		write(t, record, strings.Join(forged, ""))
		sees(t, c, rule)
	}
	write(t, record, string(before))
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// during makes a run without faults, and calls happens in it.
func during(t *testing.T, c *trial.Core, seed uint64, happens func()) []report.Violation {
	t.Helper()
	timer := time.AfterFunc(500*time.Millisecond, happens)
	defer timer.Stop()
	return try(t, c, calm(seed)).Violations
}

func broke(found []report.Violation, rule, id string) bool {
	return slices.ContainsFunc(found, func(v report.Violation) bool { return v.Rule == rule && v.ID == id })
}

func killed(t *testing.T, c *trial.Core) {
	found := during(t, c, 2, func() {
		if p, runs := c.Running("auth-1"); runs {
			_ = syscall.Kill(p.PID, syscall.SIGKILL)
		}
	})
	if len(found) != 1 || !broke(found, "nobody ends by himself", "auth-1") {
		t.Errorf("found %v", found)
	}
}

func panics(t *testing.T, c *trial.Core, folder string) {
	found := during(t, c, 3, func() {
		log, err := os.OpenFile(filepath.Join(folder, "log", "auth-1.log"), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = log.Close() }()
		_, _ = log.WriteString("panic: assignment to entry in nil map\n")
	})
	if len(found) != 1 || !broke(found, "nobody panics", "auth-1") {
		t.Errorf("found %v", found)
	}
}

// away allows no time for recovery, so no core can be back in time.
func away(t *testing.T, c *trial.Core) {
	plan := calm(4)
	plan.Faults = []schedule.Fault{{Kind: schedule.Refuse, Target: plan.Streams[0].Provider + ">" + plan.Streams[0].Kind, At: 500 * time.Millisecond, For: time.Second}}
	c.Patience = 0
	if found := try(t, c, plan).Violations; len(found) == 0 || !broke(found, "recovered", "trading") {
		t.Errorf("found %v", found)
	}
}
