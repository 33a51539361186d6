package directory_test

import (
	"testing"
	"time"

	"fxcore/lambda/mirror/mirrortest"
	"fxcore/lambda/testkit"
	"fxcore/services/linecheck/internal/directory"
	"fxcore/services/linecheck/internal/line"
)

// Sets as the release before wrote them stay in Redis until the mainframe changes them. Their limits hold as long.
func TestSetsOfTheReleaseBeforeMeanWhatTheyMeant(t *testing.T) {
	days := map[string]string{"0": "", "1": "SPOT", "6": "SPOT", "7": "1W", "14": "2W", "30": "4W", "31": "1M", "92": "3M", "183": "6M", "366": "12M", "1827": "60M"}
	lines := map[string]string{"desk/FXS1": `{"node":"desk/FXS1","currency":"USD","limit":"3000","settlement_limit":"","clip":"","max_tenor_days":0}`}
	for n := range days {
		lines["client/C"+n] = `{"node":"client/C` + n + `","currency":"USD","limit":"100000","settlement_limit":"","clip":"","max_tenor_days":` + n + `}`
	}
	rdb := testkit.Redis(t)
	publishAll(t, rdb)
	mirrortest.Publish(t, rdb, "lines", 2, time.Now(), lines)
	mirrortest.Publish(t, rdb, "risk", 2, time.Now(), map[string]string{
		"add_on/1W": `{"max_days":7,"factor":"0.028"}`, "add_on/5Y": `{"max_days":1827,"factor":"0.438"}`, "haircut/cash": `{"haircut":"0"}`,
	})
	s, err := mirrortest.Follow(t, directory.Open(rdb, hour)).Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range days {
		if got := s.Limits[line.Node{Level: line.Client, ID: "C" + n}].MaxTenor.String(); got != want {
			t.Errorf("%s days are %q, want %q", n, got, want)
		}
	}
	if len(s.AddOns) != 2 || s.AddOns[0].Tenor.IsZero() || !s.AddOns[0].Factor.IsPositive() {
		t.Errorf("add-ons %v", s.AddOns)
	}
}
