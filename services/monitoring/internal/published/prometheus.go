package published

import (
	"fmt"
	"strings"

	"fxcore/services/monitoring/internal/alert"
)

const generated = "# Generated from the alert rules in services/monitoring/internal/alert by its test with UPDATE_SAMPLES=1. Do not edit.\n"

// Prometheus returns the alerting rules. They fire by the same measures and thresholds as monitoring's own, which also know when to clear.
func Prometheus(rules []alert.Rule) string {
	var out strings.Builder
	out.WriteString(generated + "groups:\n  - name: fxcore\n    interval: 5s\n    rules:\n")
	for _, r := range rules {
		fmt.Fprintf(&out, "      - alert: %s\n        expr: %s\n        for: %s\n", r.Name, Expression(r), r.For)
		fmt.Fprintf(&out, "        labels:\n          severity: %s\n          owner: %s\n          kind: %s\n", r.Severity, r.Owner, kind(r))
		fmt.Fprintf(&out, "        annotations:\n          summary: %q\n          runbook: %q\n", summary(r), "docs/runbook.md#"+r.Name)
	}
	return out.String()
}

// Expression returns the rule's condition in PromQL. Each replica of monitoring tells all measures; its label is monitor: without it, a sum
// would count each measure once for each replica.
func Expression(r alert.Rule) string {
	by, sign, measure := "", ">", r.Measure
	if r.By != "" {
		by = " by (" + r.By + ")"
	}
	if r.Below {
		sign = "<"
	}
	if r.Reduce == alert.Sum {
		measure = "max without (monitor) (" + measure + ")"
	}
	return fmt.Sprintf("%s%s (%s) %s %s", r.Reduce, by, measure, sign, number(r.Threshold))
}

func summary(r alert.Rule) string {
	if r.By == "" {
		return r.Text
	}
	return fmt.Sprintf(r.Text, "{{ $labels."+r.By+" }}")
}

// PrometheusTest returns a test for promtool: each rule fires when its cause is there and not before, and stops when it has gone.
func PrometheusTest(rules []alert.Rule) string {
	var out strings.Builder
	out.WriteString(generated + "rule_files:\n  - rules.yml\nevaluation_interval: 5s\ntests:\n")
	for _, r := range rules {
		series, labels := r.Measure, ""
		if r.By != "" {
			series += `{` + r.By + `="one"}`
			labels = "              " + r.By + ": one\n"
		}
		cause, steps := r.Threshold+1, int(r.For.Seconds())/5+2
		if r.Below {
			cause = r.Threshold - 1
		}
		fmt.Fprintf(&out, "  - interval: 5s\n    input_series:\n      - series: '%s'\n        values: '%s+0x1 %s+0x%d %s+0x3'\n",
			series, number(r.Clear), number(cause), steps-1, number(r.Clear))
		fmt.Fprintf(&out, "    alert_rule_test:\n      - eval_time: 5s\n        alertname: %s\n", r.Name)
		fmt.Fprintf(&out, "      - eval_time: %ds\n        alertname: %s\n        exp_alerts:\n          - exp_labels:\n%s", 10+int(r.For.Seconds()), r.Name, labels)
		fmt.Fprintf(&out, "              severity: %s\n              owner: %s\n              kind: %s\n", r.Severity, r.Owner, kind(r))
		fmt.Fprintf(&out, "            exp_annotations:\n              summary: %q\n              runbook: %q\n", testSummary(r), "docs/runbook.md#"+r.Name)
		fmt.Fprintf(&out, "      - eval_time: %ds\n        alertname: %s\n", 10+5*steps, r.Name)
	}
	return out.String()
}

func testSummary(r alert.Rule) string {
	if r.By == "" {
		return r.Text
	}
	return fmt.Sprintf(r.Text, "one")
}
