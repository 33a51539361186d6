package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Table writes the report as Markdown: what all runs came to, and a row for each, by seed.
func (r Report) Table(out io.Writer) error {
	runs := slices.SortedFunc(slices.Values(r.Runs), func(a, b Run) int { return cmp.Compare(a.Seed, b.Seed) })
	var b strings.Builder
	fmt.Fprintf(&b, "%d runs, %d without a violation, %d faults, %d requests.", len(runs), r.Passed, r.faults(), r.requests())
	fmt.Fprintf(&b, " In seconds (median, 95 %%, longest): every process ready %s, trading with every provider %s after the last fault; longest silence of a provider %s.\n\n",
		r.spread(func(run Run) int64 { return run.ReadyMS }), r.spread(func(run Run) int64 { return run.TradingMS }),
		r.spread(func(run Run) int64 { return run.SilenceMS }))
	b.WriteString("| seed | faults | requests | ready s | trading s | silence s | |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, run := range runs {
		fmt.Fprintf(&b, "| %d | `%s` | %d | %.1f | %.1f | %.1f | %s |\n", run.Seed, run.Told(), run.Requests,
			seconds(run.ReadyMS), seconds(run.TradingMS), seconds(run.SilenceMS), run.verdict())
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// verdict names the rules that were broken.
func (r Run) verdict() string {
	var rules []string
	for _, v := range r.Violations {
		if !slices.Contains(rules, v.Rule) {
			rules = append(rules, v.Rule)
		}
	}
	return cmp.Or(strings.Join(rules, ", "), "ok")
}

func (r Report) faults() (n int) {
	for _, run := range r.Runs {
		for _, f := range run.Faults {
			if f.Skipped == "" {
				n++
			}
		}
	}
	return n
}

func (r Report) requests() (n int) {
	for _, run := range r.Runs {
		n += run.Requests
	}
	return n
}

// spread is median, 95th of a hundred and longest, in seconds.
func (r Report) spread(of func(Run) int64) string {
	if len(r.Runs) == 0 {
		return "-"
	}
	all := make([]int64, len(r.Runs))
	for i, run := range r.Runs {
		all[i] = of(run)
	}
	slices.Sort(all)
	at := func(percent int) float64 { return seconds(all[(len(all)-1)*percent/100]) }
	return fmt.Sprintf("%.1f, %.1f, %.1f", at(50), at(95), at(100))
}
