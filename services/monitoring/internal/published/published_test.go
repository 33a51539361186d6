package published_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/testkit/sample"
	"fxcore/services/monitoring/internal/alert"
	"fxcore/services/monitoring/internal/published"
)

const root = "../../../../"

func TestTheFilesFollowFromTheRules(t *testing.T) {
	rules := alert.Rules()
	dashboard, err := published.Grafana()
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"docs/runbook.md":                    published.Runbook(rules),
		"observability/prometheus/rules.yml": published.Prometheus(rules),
		"observability/prometheus/tests.yml": published.PrometheusTest(rules),
		"observability/icinga/fxcore.conf":   published.Icinga(rules),
		"observability/grafana/fxcore.json":  dashboard,
	} {
		path = filepath.Join(root, path)
		if os.Getenv(sample.UpdateVariable) != "" {
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil { //nolint:gosec // a source file
				t.Fatal(err)
			}
		}
		stored, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(stored)); diff != "" {
			t.Errorf("%s is not current (%s=1 writes it):\n%s", path, sample.UpdateVariable, diff)
		}
	}
}

func TestEachRuleHasItsSectionInTheRunbook(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs/runbook.md"))
	if err != nil {
		t.Fatal(err)
	}
	var sections, rules []string
	for _, found := range regexp.MustCompile(`(?m)^## (.*)$`).FindAllStringSubmatch(string(text), -1) {
		sections = append(sections, found[1])
	}
	for _, r := range alert.Rules() {
		rules = append(rules, r.Name)
	}
	if !slices.Equal(sections, rules) {
		t.Errorf("sections %q, rules %q", sections, rules)
	}
}

// Prometheus's own tool runs the rules. Where it is not installed, this is left out, except in CI.
func TestPrometheusAcceptsTheRules(t *testing.T) {
	tool, err := exec.LookPath("promtool")
	if err != nil {
		leaveOut(t, "promtool is not installed: scripts/bootstrap full")
	}
	for _, args := range [][]string{{"check", "rules", "rules.yml"}, {"test", "rules", "tests.yml"}} {
		command := exec.CommandContext(t.Context(), tool, args...) //nolint:gosec // fixed arguments
		command.Dir = filepath.Join(root, "observability/prometheus")
		if out, err := command.CombinedOutput(); err != nil {
			t.Errorf("promtool %s: %v\n%s", args, err, out)
		}
	}
}

var measureForm = regexp.MustCompile(`fx_[a-z0-9_]+`)

// What dashboards and rules show is exported: some program's code names it.
func TestWhatIsShownIsExported(t *testing.T) {
	code := source(t)
	dashboard, err := published.Grafana()
	if err != nil {
		t.Fatal(err)
	}
	names := measureForm.FindAllString(dashboard+published.Prometheus(alert.Rules()), -1)
	if len(names) < 50 {
		t.Fatalf("only %d measures", len(names))
	}
	for _, name := range names {
		if !exported(code, name) {
			t.Errorf("%s is shown, and nothing exports it", name)
		}
	}
}

// exported tells whether the code names a measure, or makes its name of a prefix that stands there alone, as in "fx_job_" + name.
func exported(code, name string) bool {
	if strings.Contains(code, name) {
		return true
	}
	for _, prefix := range []string{"fx_job_", "fx_session_", "fx_queue_"} {
		if rest, cut := strings.CutPrefix(name, prefix); cut && strings.Contains(code, prefix) {
			return strings.Contains(code, `"`+strings.TrimSuffix(rest, "_total")+`"`)
		}
	}
	return false
}

// source returns the code of the programs, without tests and without what this test judges.
func source(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, part := range []string{"services", "gateways", "lambda"} {
		err := filepath.WalkDir(filepath.Join(root, part), func(path string, entry fs.DirEntry, err error) error {
			judged := strings.Contains(path, "monitoring/internal/alert") || strings.Contains(path, "monitoring/internal/published")
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || judged {
				return err
			}
			text, err := os.ReadFile(path)
			all.Write(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// Icinga's own daemon reads the objects.
func TestIcingaAcceptsTheObjects(t *testing.T) {
	daemon, err := exec.LookPath("icinga2")
	if errors.Is(err, exec.ErrNotFound) {
		leaveOut(t, "icinga2 is not installed: scripts/bootstrap full")
	}
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	objects, err := filepath.Abs(filepath.Join(root, "observability/icinga/fxcore.conf"))
	if err != nil {
		t.Fatal(err)
	}
	file, folder := filepath.Join(t.TempDir(), "icinga.conf"), t.TempDir()
	text := "include <itl>\ninclude \"" + objects + "\"\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"daemon", "-C", "-c", file, "-DDataDir=" + folder, "-DCacheDir=" + folder, "-DInitRunDir=" + folder, "-DLogDir=" + folder}
	check := exec.CommandContext(t.Context(), daemon, args...) //nolint:gosec // fixed arguments
	check.Env = append(os.Environ(), "ICINGA2_USER="+me.Username, "ICINGA2_GROUP="+me.Username)
	if out, err := check.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func leaveOut(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(why)
	}
	t.Skip("left out: " + why)
}
