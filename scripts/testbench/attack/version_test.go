//go:build e2e

package attack

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Whoever looks at a running core finds out which commit runs: each program says it.
func TestEachProgramSaysFromWhichCommitItIs(t *testing.T) {
	c := theCore(t)
	want := "unknown" // in a further work tree of git, which Go does not ask
	if info, err := os.Stat("../../../.git"); err == nil && info.IsDir() {
		out, err := exec.CommandContext(t.Context(), "git", "rev-parse", "HEAD").Output()
		if err != nil {
			t.Fatal(err)
		}
		want = string(out[:12])
	}
	r, err := c.Record()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, p := range r.Processes {
		if p.Health == "" {
			continue
		}
		seen++
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.Health+"/status", nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		var said struct{ Version string }
		err = json.NewDecoder(answer.Body).Decode(&said)
		_ = answer.Body.Close()
		if err != nil || !strings.HasPrefix(said.Version, want) {
			t.Errorf("%s says %q, %v; want %s", p.ID(), said.Version, err, want)
		}
		if p.Replica != "1" {
			continue
		}
		out, err := exec.CommandContext(t.Context(), filepath.Join(c.Bin, p.Name), "-version").Output() //nolint:gosec // ours
		if err != nil || !strings.Contains(string(out), said.Version) || !strings.Contains(string(out), "go1.") {
			t.Errorf("%s -version: %q, %v", p.Name, out, err)
		}
	}
	if seen < 20 {
		t.Errorf("%d processes have said it", seen)
	}
}
