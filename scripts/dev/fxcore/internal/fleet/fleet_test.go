package fleet_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/scripts/dev/fxcore/internal/fleet"
	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/ports"
	"fxcore/scripts/dev/fxcore/internal/process"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
	"fxcore/scripts/internal/programs"
)

// newFleet has programs that only print a hash of their input, as the gateways do with -hash.
func newFleet(t *testing.T) fleet.Fleet {
	t.Helper()
	f, err := folder.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	for _, name := range programs.Names(programs.Ours()) {
		script := "#!/bin/sh\nread password\necho \"hash of $password\"\n"
		if err := os.WriteFile(filepath.Join(bin, name), []byte(script), 0o700); err != nil { //nolint:gosec // a program
			t.Fatal(err)
		}
	}
	return fleet.Fleet{Folder: f, Ports: ports.Block(20000), Bin: bin, Trades: true}
}

// ours returns the phases of our own programs, without the servers.
func ours(t *testing.T, f fleet.Fleet, scale fleet.Scale) []supervisor.Phase {
	t.Helper()
	phases, err := f.Phases(scale)
	if err != nil {
		t.Fatal(err)
	}
	return phases[2:]
}

func specs(phases []supervisor.Phase) (all []process.Spec) {
	for _, p := range phases {
		all = append(all, p.Specs...)
	}
	return all
}

func ids(phases []supervisor.Phase) (all []string) {
	for _, s := range specs(phases) {
		all = append(all, s.ID())
	}
	return all
}

func TestWhatIsInTheListRunsAndNothingElse(t *testing.T) {
	phases, err := newFleet(t).Phases(nil)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, p := range programs.All() {
		if p.Kind != programs.FullServer {
			want = append(want, p.Processes()...)
		}
	}
	runs := ids(phases)
	slices.Sort(want)
	slices.Sort(runs)
	if diff := cmp.Diff(want, runs); diff != "" {
		t.Error(diff)
	}
}

func TestEveryProgramStartsAfterWhatItNeeds(t *testing.T) {
	runs := ids(ours(t, newFleet(t), nil))
	order := []string{"mainframe-simulator-1", "mainframe-1", "datasync-1", "auth-1", "haproxy", "fix-1", "provider-1"}
	for i, id := range order[1:] {
		if slices.Index(runs, id) < slices.Index(runs, order[i]) {
			t.Errorf("%s starts before %s: %q", id, order[i], runs)
		}
	}
	if first, last := slices.Index(runs, "haproxy"), slices.Index(runs, "fix-1"); last != first+1 {
		t.Errorf("between HAProxy and the gateways starts something else: %q", runs)
	}
}

func TestNoTwoProcessesShareAHealthAddress(t *testing.T) {
	f := newFleet(t)
	scale := fleet.Scale{}
	for _, p := range programs.Ours() {
		if p.Replicas > 1 {
			scale[p.Name] = fleet.MaxReplicas
		}
	}
	seen := map[string]string{}
	for _, s := range specs(ours(t, f, scale)) {
		if other, taken := seen[s.Health]; taken && s.Health != "" {
			t.Errorf("%s and %s are both at %s", s.ID(), other, s.Health)
		}
		seen[s.Health] = s.ID()
	}
}

func TestAServiceGetsItsOwnRoleAndNothingItDoesNotNeed(t *testing.T) {
	f := newFleet(t)
	for name, want := range map[string]string{"auth": "//auth:", "fix": "//fixgateway:", "mainframe": ""} {
		s, err := f.Service(name)
		if err != nil {
			t.Fatal(err)
		}
		env, err := f.Settings(s)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(env, func(line string) bool { return strings.HasPrefix(line, "POSTGRES_URL=") })
		switch {
		case want == "" && i >= 0:
			t.Errorf("%s gets a database", name)
		case want != "" && (i < 0 || !strings.Contains(env[i], want)):
			t.Errorf("%s gets %q, want role %s", name, env, want)
		}
	}
}

// A gateway needs Redis only to know how far the bank's clock is ahead.
func TestTheClockRunsAheadOnlyWhereItIsAsked(t *testing.T) {
	f := newFleet(t)
	for _, ahead := range []bool{false, true} {
		f.Ahead = ahead
		for _, name := range []string{"auth", "fix", "socket", "provider"} {
			s, err := f.Service(name)
			if err != nil {
				t.Fatal(err)
			}
			env, err := f.Settings(s)
			if err != nil {
				t.Fatal(err)
			}
			redis := slices.ContainsFunc(env, func(line string) bool { return strings.HasPrefix(line, "REDIS_URL=") })
			if slices.Contains(env, "CLOCK_MAY_RUN_AHEAD=true") != ahead || redis != (ahead || name == "auth") {
				t.Errorf("%s, ahead %v: %q", name, ahead, env)
			}
		}
	}
}

// The simulator's clock is moved only where days may be run ahead.
func TestOnlyWhereDaysMayBeRunAheadTheClockIsMoved(t *testing.T) {
	f := newFleet(t)
	for _, ahead := range []bool{false, true} {
		f.Ahead = ahead
		env := environment(t, f, "mainframe", 1)
		if moved := slices.ContainsFunc(env, func(line string) bool { return strings.HasPrefix(line, "MAINFRAME_CONTROL=https://") }); moved != ahead {
			t.Errorf("ahead %v: %q", ahead, env)
		}
	}
}

func TestTheGatewaysFilesAreMadeOnceAndKept(t *testing.T) {
	f := newFleet(t)
	phases := ours(t, f, nil)
	prepare := phases[slices.IndexFunc(phases, func(p supervisor.Phase) bool { return p.Specs[0].Name == "haproxy" })].Prepare
	if err := prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	var file struct {
		Providers []struct {
			ID   string `json:"id"`
			Hash string `json:"password_hash"`
		} `json:"providers"`
	}
	text, err := os.ReadFile(f.Folder.Path("providers.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	byID := map[string]string{}
	for _, p := range file.Providers {
		byID[p.ID] = p.Hash
	}
	if byID["SANDBOX44"] != "hash of sandbox44-demo" || byID["TEST8"] == "" || len(byID) != 22 {
		t.Errorf("providers %v", byID)
	}
	if _, err := tls.LoadX509KeyPair(f.Folder.Path("secrets", "fix-tls.crt"), f.Folder.Path("secrets", "fix-tls.key")); err != nil {
		t.Error(err)
	}
	certificate, _ := os.ReadFile(f.Folder.Path("secrets", "fix-tls.crt"))
	if err := os.WriteFile(f.Folder.Path("providers.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	again, _ := os.ReadFile(f.Folder.Path("secrets", "fix-tls.crt"))
	kept, _ := os.ReadFile(f.Folder.Path("providers.json"))
	if string(again) != string(certificate) || string(kept) != "{}" {
		t.Error("a second start replaced what the first made")
	}
	older := `{"providers": [{"id": "ALPHA", "begin_string": "FIX.4.4", "sender_comp_id": "ALPHA", "target_comp_id": "FXCORE", "plain_text": false}]}`
	if err := os.WriteFile(f.Folder.Path("providers.json"), []byte(older), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	completed, _ := os.ReadFile(f.Folder.Path("providers.json"))
	if !strings.Contains(string(completed), `"plain_text": false`) || !strings.Contains(string(completed), `"shows_limits": true`) || !strings.Contains(string(completed), `"id": "ALPHA"`) {
		t.Errorf("an older file is %s", completed)
	}
}

func TestScaleIsBoundedAndKept(t *testing.T) {
	f := newFleet(t)
	auth, err := f.Service("auth")
	if err != nil {
		t.Fatal(err)
	}
	fix, err := f.Service("fix")
	if err != nil {
		t.Fatal(err)
	}
	scale := fleet.Scale{}
	for _, n := range []int{0, -1, fleet.MaxReplicas + 1} {
		if scale.Set(f.Folder, auth, n) == nil {
			t.Errorf("%d replicas were allowed", n)
		}
	}
	simulator, err := f.Service("mainframe-simulator")
	if err != nil {
		t.Fatal(err)
	}
	if scale.Set(f.Folder, simulator, 2) == nil {
		t.Error("two mainframes were allowed")
	}
	if err := scale.Set(f.Folder, fix, fleet.MaxReplicas+1); err == nil || !strings.Contains(err.Error(), "HAProxy") {
		t.Errorf("gateways beyond the ports that HAProxy routes to: %v", err)
	}
	if err := scale.Set(f.Folder, auth, 3); err != nil {
		t.Fatal(err)
	}
	kept, err := fleet.ReadScale(f.Folder)
	if err != nil || kept.Replicas(auth) != 3 || kept.Replicas(fix) != 2 {
		t.Errorf("kept %v, %v", kept, err)
	}
	if _, err := f.Service("nobody"); err == nil || !strings.Contains(err.Error(), "linecheck") {
		t.Errorf("an unknown service: %v; want the names there are", err)
	}
}

func TestAServiceIsReadyOrSaysWhyNot(t *testing.T) {
	answers := make(chan string, 1)
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if text := <-answers; text != "" {
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte(text))
		}
	}))
	defer service.Close()
	for answer, want := range map[string]string{
		"": "", `{"reasons":{"redis":"away","amqp":"no broker"}}`: "amqp: no broker; redis: away", "<html>": "503 Service Unavailable",
	} {
		answers <- answer
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		err := fleet.AskReady(ctx, service.URL)
		cancel()
		if (want == "") != (err == nil) || (err != nil && !strings.Contains(err.Error(), want)) {
			t.Errorf("%q is read as %v, want %q", answer, err, want)
		}
	}
}
