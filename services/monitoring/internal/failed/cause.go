package failed

import "regexp"

// varying are the parts of a reason that differ from message to message: ids, times, addresses, amounts, quoted values.
var varying = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`), "<id>"},
	{regexp.MustCompile(`\b[0-9a-f]{32,64}\b`), "<id>"},
	{regexp.MustCompile(`"(\\.|[^"\\])*"`), `"…"`},
	{regexp.MustCompile(`[0-9]+([.:,-][0-9]+)*`), "#"},
}

// maxCause bounds what a list shows of a reason, in bytes.
const maxCause = 300

// CauseOf returns what is common to the reasons of messages that failed for the same cause.
func CauseOf(reason string) string {
	for _, v := range varying {
		reason = v.pattern.ReplaceAllString(reason, v.with)
	}
	if len(reason) > maxCause {
		reason = clean(reason[:maxCause]) + "…"
	}
	return reason
}
