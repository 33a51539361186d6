package history_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fxcore/services/logging/internal/history"
)

var ten = time.Date(2026, 11, 29, 10, 0, 0, 0, time.UTC)

// at makes a report so many seconds after ten; why is empty for a ready one.
func at(seconds int, why string) history.Report {
	r := history.Report{Instance: "auth-2", At: ten.Add(time.Duration(seconds) * time.Second), Every: 5 * time.Second, Ready: why == ""}
	if why != "" {
		r.Reasons = []history.Reason{{Part: "postgres", Text: why}}
	}
	return r
}

func shown(periods []history.Period) string {
	var b strings.Builder
	for _, p := range periods {
		_, _ = fmt.Fprintf(&b, "%g-%g %s ", p.From.Sub(ten).Seconds(), p.To.Sub(ten).Seconds(), p.State)
	}
	return strings.TrimSpace(b.String())
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		reports  []history.Report
		from, to int
		want     string
	}{
		"nobody has heard of it":               {nil, 0, 60, "0-60 silent"},
		"one state while reports come":         {[]history.Report{at(-3, ""), at(2, ""), at(7, ""), at(12, "")}, 0, 20, "0-20 ready"},
		"a change begins with its report":      {[]history.Report{at(0, ""), at(5, "away"), at(10, "away"), at(15, "")}, 0, 20, "0-5 ready 5-15 not_ready 15-20 ready"},
		"another reason is another period":     {[]history.Report{at(0, "away"), at(5, "slow")}, 0, 10, "0-5 not_ready 5-10 not_ready"},
		"three missing reports are silence":    {[]history.Report{at(0, ""), at(40, "")}, 0, 50, "0-15 ready 15-40 silent 40-50 ready"},
		"a late report ends no state":          {[]history.Report{at(0, ""), at(14, "")}, 0, 20, "0-20 ready"},
		"one instant":                          {[]history.Report{at(-2, "away")}, 0, 1, "0-1 not_ready"},
		"a report that no longer holds":        {[]history.Report{at(-20, "")}, 0, 10, "0-10 silent"},
		"reports out of order, one comes late": {[]history.Report{at(10, ""), at(0, ""), at(5, "")}, 0, 20, "0-20 ready"},
		"a report after the time":              {[]history.Report{at(0, ""), at(30, "away")}, 0, 10, "0-10 ready"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := shown(history.Periods(test.reports, ten.Add(time.Duration(test.from)*time.Second), ten.Add(time.Duration(test.to)*time.Second)))
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// Whatever was reported, the periods cover the time without gap and overlap.
func TestPeriodsCoverTheTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var reports []history.Report
		for range rapid.IntRange(0, 20).Draw(t, "reports") {
			reports = append(reports, at(rapid.IntRange(-60, 120).Draw(t, "at"), rapid.SampledFrom([]string{"", "away", "slow"}).Draw(t, "why")))
		}
		next := ten
		to := ten.Add(time.Minute)
		for _, p := range history.Periods(reports, ten, to) {
			if !p.From.Equal(next) || !p.To.After(p.From) {
				t.Fatalf("%s", shown(history.Periods(reports, ten, to)))
			}
			next = p.To
		}
		if !next.Equal(to) {
			t.Fatalf("ends at %v", next)
		}
	})
}
