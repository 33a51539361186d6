package dialect

import (
	"regexp"
	"slices"
	"strings"
)

// run is a run of members of a repeating group: as the published dictionary has it, and as the engine gets it. A member that may
// stand at two places is there twice.
type run struct{ published, accepted []string }

// runs are where the engine accepts more than the standard's order in QuickFIX's files: LegPrice where the FIX repository has it,
// and the order that our dictionaries had once.
var runs = []run{
	{
		[]string{"LegPrice", "LegQty", "LegRefID", "LegSettlType", "LegSettlDate", "LegOrderQty"},
		[]string{"LegPrice", "LegOrderQty", "LegQty", "LegRefID", "LegPrice", "LegSettlType", "LegSettlDate", "LegOrderQty"},
	},
	{[]string{"Account", "OrderID", "ClOrdID"}, []string{"OrderID", "ClOrdID", "Account", "OrderID", "ClOrdID"}},
}

var memberForm = regexp.MustCompile(`<field name="(\w+)" required=`)

// tolerant returns a published dictionary as the engine gets it, with the runs that it accepts.
func tolerant(dictionary []byte) []byte {
	lines := strings.SplitAfter(string(dictionary), "\n")
	names := make([]string, len(lines))
	for i, line := range lines {
		if m := memberForm.FindStringSubmatch(line); m != nil {
			names[i] = m[1]
		}
	}
	var out strings.Builder
	for at := 0; at < len(lines); {
		r, found := runAt(names[at:])
		if !found {
			out.WriteString(lines[at])
			at++
			continue
		}
		for _, name := range r.accepted {
			out.WriteString(lines[at+slices.Index(r.published, name)])
		}
		at += len(r.published)
	}
	return []byte(out.String())
}

func runAt(names []string) (run, bool) {
	for _, r := range runs {
		if len(names) >= len(r.published) && slices.Equal(names[:len(r.published)], r.published) {
			return r, true
		}
	}
	return run{}, false
}
