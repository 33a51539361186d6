// Package alert judges measures by rules. It knows no clock and no store: the caller hands it the measures, the time, and the alerts that
// there were.
package alert

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Sample is one measure now.
type Sample struct {
	Name   string // in the form of OpenMetrics, with the unit at its end
	Labels map[string]string
	Value  float64
}

var labelForm = regexp.MustCompile(`([a-zA-Z_][a-zA-Z0-9_]*)="([^"]*)"`)

// Parse splits a name with labels, fx_queue_failed_total{queue="auth"}, into a sample. More labels can be added as pairs.
func Parse(full string, value float64, more ...string) Sample {
	name, inside, _ := strings.Cut(full, "{")
	s := Sample{Name: name, Labels: map[string]string{}, Value: value}
	for _, found := range labelForm.FindAllStringSubmatch(inside, -1) {
		s.Labels[found[1]] = found[2]
	}
	for i := 0; i+1 < len(more); i += 2 {
		s.Labels[more[i]] = more[i+1]
	}
	return s
}

// Of returns a sample with labels as pairs.
func Of(name string, value float64, labels ...string) Sample { return Parse(name, value, labels...) }

// String returns the sample's full name, with its labels in order.
func (s Sample) String() string {
	if len(s.Labels) == 0 {
		return s.Name
	}
	pairs := make([]string, 0, len(s.Labels))
	for _, label := range slices.Sorted(maps.Keys(s.Labels)) {
		pairs = append(pairs, label+`="`+clean(s.Labels[label])+`"`)
	}
	return s.Name + "{" + strings.Join(pairs, ",") + "}"
}

// clean removes what would end a label's value.
func clean(text string) string {
	return strings.NewReplacer(`"`, "'", `\`, "/", "\n", " ").Replace(text)
}
