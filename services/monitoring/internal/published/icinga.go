package published

import (
	"fmt"
	"strings"

	"fxcore/services/monitoring/internal/alert"
	"fxcore/services/monitoring/internal/icinga"
)

// Icinga returns the host and a service for each rule. The results are passive. A check of Icinga's own runs when they stop coming: then the
// host is down, and each service says that there is no news.
func Icinga(rules []alert.Rule) string {
	var out strings.Builder
	out.WriteString("// Generated from the alert rules in services/monitoring/internal/alert by its test with UPDATE_SAMPLES=1. Do not edit.\n")
	fmt.Fprintf(&out, "object Host %q {\n  check_command = \"dummy\"\n  check_interval = 10s\n  retry_interval = 10s\n  max_check_attempts = 1\n", icinga.Host)
	out.WriteString("  enable_passive_checks = true\n  vars.dummy_state = 2\n  vars.dummy_text = \"no news from monitoring\"\n}\n")
	for _, r := range rules {
		fmt.Fprintf(&out, "\nobject Service %q {\n  host_name = %q\n  display_name = %q\n", r.Name, icinga.Host, strings.ReplaceAll(r.Name, "_", " "))
		out.WriteString("  check_command = \"dummy\"\n  check_interval = 10s\n  retry_interval = 10s\n  max_check_attempts = 1\n  enable_passive_checks = true\n")
		out.WriteString("  vars.dummy_state = 3\n  vars.dummy_text = \"no news from monitoring\"\n")
		fmt.Fprintf(&out, "  vars.owner = %q\n  vars.severity = %q\n  vars.kind = %q\n  notes_url = %q\n}\n", r.Owner, r.Severity, kind(r), "docs/runbook.md#"+r.Name)
	}
	return out.String()
}
