package bankday

import (
	"net/http"
	"testing"
	"time"

	"fxcore/scripts/internal/operator/operatortest"
)

// The latest due times are those of the jobs' places, also on a day on which a clock is changed.
func TestWhatWasDueLast(t *testing.T) {
	for at, want := range map[string][3]string{
		"2026-11-30T07:03:07Z": {"2026-11-30T07:03:00Z", "2026-11-30T00:30:00Z", "2026-11-29T22:00:00Z"},
		"2026-11-30T20:00:00Z": {"2026-11-30T20:00:00Z", "2026-11-30T00:30:00Z", "2026-11-29T22:00:00Z"},
		"2026-10-25T23:00:00Z": {"2026-10-25T23:00:00Z", "2026-10-24T23:30:00Z", "2026-10-25T21:00:00Z"}, // Europe has winter time, New York not yet
	} {
		now, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		execute, reconcile, balance := dues(now)
		for i, due := range []time.Time{execute, reconcile, balance} {
			if got := due.UTC().Format(time.RFC3339); got != want[i] {
				t.Errorf("at %s, job %d: want %s, got %s", at, i, want[i], got)
			}
		}
	}
}

func TestTheBanksTimeIsOfFrankfurt(t *testing.T) {
	host := operatortest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"business_day":"2026-12-01","now":"2026-12-01T23:30:00Z","offset_seconds":90000}`))
	}))
	at, err := (&Bank{control: host}).Look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if at.date() != "2026-12-02" || at.Day != "2026-12-01" || at.Ahead() != 25*time.Hour {
		t.Errorf("%+v, date %s", at, at.date())
	}
}
