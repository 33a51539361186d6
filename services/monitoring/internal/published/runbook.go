// Package published writes what follows from the alert rules for people and for other programs: the runbook, the rules of Prometheus with their
// tests, the services of Icinga, and a dashboard of Grafana. A test keeps the files current.
package published

import (
	"fmt"
	"strconv"
	"strings"

	"fxcore/services/monitoring/internal/alert"
)

const preface = `# Runbook

<!-- Generated from the alert rules in services/monitoring/internal/alert by its test with UPDATE_SAMPLES=1. Do not edit. -->

One section for each alert. An alert's text names the subject; its field ` + "`runbook`" + ` names the section. Act on symptoms first: a symptom is
what providers or clients notice. A cause is often what explains a symptom that fires at the same time.

| alert | kind | severity | owner | fires when |
| --- | --- | --- | --- | --- |
`

// Runbook returns the text of docs/runbook.md.
func Runbook(rules []alert.Rule) string {
	var out strings.Builder
	out.WriteString(preface)
	for _, r := range rules {
		fmt.Fprintf(&out, "| [%s](#%s) | %s | %s | %s | %s |\n", r.Name, r.Name, kind(r), r.Severity, r.Owner, condition(r))
	}
	for _, r := range rules {
		a := r.Advice
		fmt.Fprintf(&out, "\n## %s\n\nFires when %s. Clears when it has been %s for %s.\n\n", r.Name, condition(r), good(r), r.ClearFor)
		fmt.Fprintf(&out, "**Meaning.** %s\n\n**Impact.** %s\n\n**Verify.** %s\n\n**First steps.**\n\n", a.Meaning, a.Impact, a.Verify)
		for n, step := range a.Steps {
			fmt.Fprintf(&out, "%d. %s\n", n+1, step)
		}
		fmt.Fprintf(&out, "\n**Escalate** to %s.\n", a.Escalate)
	}
	return out.String()
}

func kind(r alert.Rule) string {
	if r.Symptom {
		return "symptom"
	}
	return "cause"
}

func condition(r alert.Rule) string {
	return fmt.Sprintf("`%s` is %s for %s", r.Measure, bad(r), r.For)
}

// bad says where a value is beyond the threshold, good where it is good enough to clear.
func bad(r alert.Rule) string {
	if r.Below {
		return "below " + number(r.Threshold)
	}
	return "above " + number(r.Threshold)
}

func good(r alert.Rule) string {
	if r.Below {
		return "at least " + number(r.Clear)
	}
	return "at most " + number(r.Clear)
}

func number(value float64) string { return strconv.FormatFloat(value, 'f', -1, 64) }
