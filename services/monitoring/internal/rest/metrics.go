package rest

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"fxcore/services/monitoring/internal/alert"
)

// MediaType is that of OpenMetrics 1.0.
const MediaType = "application/openmetrics-text; version=1.0.0; charset=utf-8"

// Write writes samples as OpenMetrics: families in order, each with its type.
func Write(w io.Writer, samples []alert.Sample) error {
	lines := map[string][]string{}
	for _, s := range samples {
		lines[s.Name] = append(lines[s.Name], s.String()+" "+strconv.FormatFloat(s.Value, 'g', -1, 64)+"\n")
	}
	var out strings.Builder
	for _, name := range sortedNames(lines) {
		kind, family := "gauge", name
		if cut, counts := strings.CutSuffix(name, "_total"); counts {
			kind, family = "counter", cut
		}
		out.WriteString("# TYPE " + family + " " + kind + "\n")
		slices.Sort(lines[name])
		for _, line := range slices.Compact(lines[name]) {
			out.WriteString(line)
		}
	}
	out.WriteString("# EOF\n")
	if _, err := io.WriteString(w, out.String()); err != nil {
		return fmt.Errorf("write metrics: %w", err)
	}
	return nil
}

func sortedNames(lines map[string][]string) []string {
	names := make([]string, 0, len(lines))
	for name := range lines {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
