package main

import (
	"os"
	"regexp"
	"slices"
	"testing"
)

var (
	required = regexp.MustCompile(`(?m)^\s+(\S+) (v\S+)( // indirect)?$`)
	listed   = regexp.MustCompile(`(?m)^\| (\S+\.\S+/\S+|pgregory\.net/rapid) \| (v\S+) \|`)
)

// docs/dependencies.md must list every module of go.mod, in its version, and nothing else.
func TestEveryModuleHasItsReason(t *testing.T) {
	modules, reasons := pairs(t, "../../../go.mod", required), pairs(t, "../../../docs/dependencies.md", listed)
	for _, m := range modules {
		if !slices.Contains(reasons, m) {
			t.Errorf("%s is in go.mod and not in docs/dependencies.md", m)
		}
	}
	for _, r := range reasons {
		if !slices.Contains(modules, r) {
			t.Errorf("%s is in docs/dependencies.md and not in go.mod", r)
		}
	}
}

func pairs(t *testing.T, path string, line *regexp.Regexp) []string {
	t.Helper()
	content, err := os.ReadFile(path) //nolint:gosec // a file of the project
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, m := range line.FindAllStringSubmatch(string(content), -1) {
		found = append(found, m[1]+" "+m[2])
	}
	if len(found) == 0 {
		t.Fatalf("%s lists no module", path)
	}
	return found
}
