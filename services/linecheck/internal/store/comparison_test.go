package store_test

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"fxcore/services/linecheck/internal/store"
)

// The job compares every kind of figure that the query knows.
func TestEveryFigureIsCompared(t *testing.T) {
	query, err := os.ReadFile("queries/differences.sql")
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, m := range regexp.MustCompile(`'([a-z][a-z ]*)'`).FindAllStringSubmatch(string(query), -1) {
		kinds = append(kinds, m[1])
	}
	slices.Sort(kinds)
	want := slices.Sorted(slices.Values(store.Figures))
	if !slices.Equal(kinds, want) {
		t.Errorf("the query has %q, the job compares %q", kinds, want)
	}
}
