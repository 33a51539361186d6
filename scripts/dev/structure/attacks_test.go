package structure_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	attackRow  = regexp.MustCompile(`(?m)^\| (\d+) \|.*$`)
	attackTest = regexp.MustCompile("`([a-z/]+)\\.(Test\\w+)`")
)

// Each attack of the table in docs/security.md is shown by tests that exist.
func TestEachAttackIsTried(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := attackRow.FindAllStringSubmatch(string(page), -1)
	if len(rows) < 18 {
		t.Errorf("%d attacks", len(rows))
	}
	for i, row := range rows {
		if row[1] != strconv.Itoa(i+1) {
			t.Errorf("attack %s is at place %d", row[1], i+1)
		}
		tests := attackTest.FindAllStringSubmatch(row[0], -1)
		if len(tests) == 0 {
			t.Errorf("attack %s is shown by no test", row[1])
		}
		for _, test := range tests {
			if !hasTest(t, filepath.Join("../../..", filepath.FromSlash(test[1])), test[2]) {
				t.Errorf("attack %s: %s has no %s", row[1], test[1], test[2])
			}
		}
	}
}

// hasTest reports whether a package has a test of this name.
func hasTest(t *testing.T, folder, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file) //nolint:gosec // the project's own
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "\nfunc "+name+"(t *testing.T) {") {
			return true
		}
	}
	return false
}
