//go:build e2e

package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/internal/identity"
	"fxcore/scripts/internal/programs"
	"fxcore/scripts/internal/stack"
	"fxcore/scripts/testbench/oracle"
	"fxcore/scripts/testbench/oracle/record"
	"fxcore/scripts/testbench/oracle/stores"
)

// core is the running core and everything that was ever asked of it.
type core struct {
	*stack.Stack
	repository string
	urls       map[string]string
	places     stores.Places
	market     *demo.Market
	bank       demo.Bank
	run        string          // makes references differ from those of other runs
	told       map[string]bool // violations that were found before
	began      time.Time       // when the present part did
	broken     bool            // the last part failed
	identity   *identity.Provider
	issued     []string // tokens that users were given
}

// start builds all programs and runs them in .run/e2e, which it empties.
func start(t *testing.T) *core {
	t.Helper()
	repository, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(repository, ".run", "e2e")
	began := time.Now()
	build(t, repository, filepath.Join(folder, "bin"))
	clean(t, folder)
	t.Logf("built and cleaned in %s", since(began))
	people, settings := identityProvider(t)
	s, err := stack.Start(t.Context(), filepath.Join(folder, "bin"), folder, t.Output(), settings...)
	if err != nil {
		t.Fatal(err)
	}
	c := &core{Stack: s, identity: people, repository: repository, run: time.Now().UTC().Format("150405"), told: map[string]bool{}}
	t.Cleanup(func() {
		began := time.Now()
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
		t.Logf("stopped in %s", since(began))
		if !t.Failed() {
			clean(t, folder)
		}
	})
	c.look(t)
	return c
}

func build(t *testing.T, repository, bin string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "make", "--no-print-directory", "build", "BIN="+bin)
	cmd.Dir, cmd.Env = repository, append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stdout, cmd.Stderr = t.Output(), t.Output()
	if err := cmd.Run(); err != nil {
		t.Fatalf("build: %v", err)
	}
}

// clean removes what an earlier run left, after ending what it may have left running.
func clean(t *testing.T, folder string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context()) // also at the end of the test
	if err := stack.Clean(ctx, filepath.Join(folder, "bin"), folder); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"records", "hand"} {
		path := filepath.Join(folder, name)
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(path, 0o750); err != nil {
			t.Fatal(err)
		}
	}
}

// look learns where everything is.
func (c *core) look(t *testing.T) {
	t.Helper()
	r, err := c.Record()
	if err != nil {
		t.Fatal(err)
	}
	c.urls = r.URLs
	if c.market, err = demo.NewMarket(demo.Seed); err != nil {
		t.Fatal(err)
	}
	if c.bank, err = demo.NewBank(demo.Seed); err != nil {
		t.Fatal(err)
	}
	if c.places, err = stores.Find(t.Context(), c.Stack, programs.Names(programs.Services())); err != nil {
		t.Fatal(err)
	}
}

// session is how a provider of the demo connects. Of those with a number, the even ones speak FIX 5.0SP2.
func (c *core) session(provider string) fixwire.Config {
	cfg := fixwire.Config{
		Address: c.urls["fix"], Begin: fixwire.FIX44, Sender: provider, Target: "FXCORE", Heartbeat: 10 * time.Second,
		Username: strings.ToLower(provider), Password: password(provider),
	}
	if strings.HasSuffix(provider, "50") || (strings.HasPrefix(provider, "TEST") && strings.ContainsAny(provider[4:], "2468")) {
		cfg.Begin = fixwire.FIXT11
	}
	return cfg
}

func password(provider string) string { return strings.ToLower(provider) + "-demo" }

// record opens a provider's record; the oracle reads all there are.
func (c *core) record(t *testing.T, name string) *record.Writer {
	t.Helper()
	file, err := os.Create(filepath.Join(c.Folder, "records", name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	w := record.NewWriter(file)
	t.Cleanup(func() {
		if err := w.Err(); err != nil {
			t.Error(err)
		}
		_ = file.Close()
	})
	return w
}

// evidence is everything since the core was started for the first time.
func (c *core) evidence(ctx context.Context) (e oracle.Evidence, err error) {
	if err := record.Folder(filepath.Join(c.Folder, "records"), &e); err != nil {
		return e, err
	}
	return e, c.places.Collect(ctx, &e)
}

func since(t time.Time) time.Duration { return time.Since(t).Round(time.Millisecond) }
