package dates

import (
	_ "embed" // the listing
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"fxcore/lambda/testkit/sample"
)

//go:embed listing.csv
var listing string

const (
	drawn     = 3_000   // requests in the listing
	variables = "DATES" // how many to draw instead, with the name of the file in …_LISTING
)

// Answer is what a service says about a request: its dates, or why it refuses the request.
type Answer struct{ Trade, Spot, Value, Refused string }

func (a Answer) columns() string {
	if a.Refused != "" {
		return a.Refused
	}
	return strings.Join([]string{a.Trade, a.Spot, a.Value}, ",")
}

// Write answers the requests and holds the answers to the listing, or writes it: with sample.UpdateVariable, or in a run that draws
// requests of its own.
func Write(t *testing.T, answer func(Request) Answer) {
	t.Helper()
	rows := answers(t, answer)
	text := strings.Join(rows, "\n") + "\n"
	switch path, ownRun := os.LookupEnv(variables + "_LISTING"); {
	case ownRun:
		must(t, os.WriteFile(path, []byte(text), 0o600))
	case os.Getenv(sample.UpdateVariable) != "":
		must(t, os.WriteFile(filepath.Join("..", "..", "..", "..", "scripts", "testbench", "dates", "listing.csv"), []byte(text), 0o600))
	default:
		compare(t, listing, rows)
	}
}

// Compare answers the requests and holds the answers to the listing.
func Compare(t *testing.T, answer func(Request) Answer) {
	t.Helper()
	want := listing
	if path, ownRun := os.LookupEnv(variables + "_LISTING"); ownRun {
		text, err := os.ReadFile(path)
		must(t, err)
		want = string(text)
	}
	compare(t, want, answers(t, answer))
}

func answers(t *testing.T, answer func(Request) Answer) []string {
	t.Helper()
	n := drawn
	if text := os.Getenv(variables); text != "" {
		var err error
		n, err = strconv.Atoi(text)
		must(t, err)
	}
	rows := make([]string, 0, n)
	for _, r := range Requests(t, Market(t), n) {
		rows = append(rows, r.String()+","+answer(r).columns())
	}
	return rows
}

func compare(t *testing.T, want string, got []string) {
	t.Helper()
	rows := strings.Split(strings.TrimSpace(want), "\n")
	if len(rows) != len(got) {
		t.Fatalf("%d requests, the listing has %d", len(got), len(rows))
	}
	differ := 0
	for i, row := range rows {
		if row == got[i] {
			continue
		}
		if differ++; differ <= 20 {
			t.Errorf("row %d of the listing: %s\nanswered here:        %s", i+1, row, got[i])
		}
	}
	if differ > 0 {
		t.Errorf("%d of %d answers differ (%s=1 with trading's test writes the listing)", differ, len(rows), sample.UpdateVariable)
	}
}
