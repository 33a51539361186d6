package directory_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/mirror/mirrortest"
	"fxcore/lambda/testkit"
	"fxcore/services/linecheck/internal/directory"
	"fxcore/services/linecheck/internal/line"
)

// Case 18 of the market's cases: a line in Danish crowns is converted at the rate of the day, 7.46 crowns and 1.25 dollars for a euro.
func TestCase18ALineInDanishCrowns(t *testing.T) {
	rdb := testkit.Redis(t)
	publishAll(t, rdb)
	mirrortest.Publish(t, rdb, "rates", 2, time.Now(), map[string]string{
		"EUR": `{"mid":"1"}`, "USD": `{"mid":"1.25"}`, "DKK": `{"mid":"7.46"}`,
	})
	mirrortest.Publish(t, rdb, "lines", 2, time.Now(), map[string]string{"client/C000002": `{"currency":"DKK","limit":"1000000"}`})
	static := mirrortest.Follow(t, directory.Open(rdb, hour))
	s, err := static.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	lines, err := s.Lines(line.Path{Client: "C000002"})
	if err != nil {
		t.Fatal(err)
	}
	want := line.Stated{Amount: dec("1000000"), Currency: "DKK"}
	if diff := cmp.Diff(want, lines[0].Stated, tenors); diff != "" || lines[0].Limit.Amount.String() != "167560.32" {
		t.Errorf("USD %s, %s", lines[0].Limit.Amount, diff)
	}
}
