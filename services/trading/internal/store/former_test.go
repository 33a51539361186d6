package store_test

import (
	_ "embed"
	"fmt"
	"testing"
	"time"
)

// registerOfTheReleaseBefore is the statement by which replicas of the release before write trades.
//
//go:embed testdata/register_of_the_release_before.sql
var registerOfTheReleaseBefore string

// During an update such a replica registers a report whose reference rate nobody knows: it writes 0.
func TestAReplicaOfTheReleaseBeforeRegistersATradeWithoutAReferenceRate(t *testing.T) {
	pool := schema(t)
	day, never := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), time.Time{}
	for i, rate := range []string{"0", "1.1172"} {
		_, err := pool.Exec(t.Context(), registerOfTheReleaseBefore,
			[]string{id(fmt.Sprint("former ", i))}, []int{1}, []string{"registered"}, []string{"report"}, []string{"ALPHA"}, []string{"R"}, []string{""}, []string{"C000001"},
			[]string{""}, []string{"spot"}, []string{"EUR"}, []string{"USD"}, []string{"EUR"}, []time.Time{day}, []time.Time{noon}, []time.Time{day},
			[]string{rate}, []time.Time{never}, []string{"1117200"}, []time.Time{noon})
		if err != nil {
			t.Errorf("reference rate %s: %v", rate, err)
		}
	}
	var n int
	err := pool.QueryRow(t.Context(), "select count(*) from trade where flags = '[]' and spot_rate is null").Scan(&n)
	if err != nil || n != 2 {
		t.Errorf("%d trades, %v", n, err)
	}
}
