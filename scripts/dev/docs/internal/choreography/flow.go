package choreography

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// unordered is the first position of messages without a flow: they come after all others.
const unordered = 1_000_000

// Flow says that handling Cause leads to one or more of Effects. An empty Cause means that Effects begin a story.
type Flow struct {
	Cause   string
	Effects []string
}

// ParseFlows reads one flow per line, such as "trade.requested: trade.authorized trade.rejected". The cause "*"
// begins a story. ParseFlows ignores empty lines and lines that begin with #. It returns an error for a line without
// a colon.
func ParseFlows(text string) ([]Flow, error) {
	var flows []Flow
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cause, effects, found := strings.Cut(line, ":")
		if !found {
			return nil, fmt.Errorf(`flows, line %d: %q does not have the form "cause: effects"`, i+1, line)
		}
		flows = append(flows, Flow{strings.TrimPrefix(cause, "*"), strings.Fields(effects)})
	}
	return flows, nil
}

// follow enters the flows. It reports a flow whose cause no publisher of the effect reads, and a message that no flow
// leads to.
func (m *merger) follow(flows []Flow) {
	reached := map[string]bool{}
	for _, f := range flows {
		for _, effect := range f.Effects {
			m.step(f.Cause, effect, reached)
		}
	}
	for _, name := range sortedKeys(m.messages) {
		if !reached[name] {
			m.fault("no flow says what leads to %s: add it to scripts/dev/docs/flows.txt", name)
		}
	}
}

func (m *merger) step(cause, effect string, reached map[string]bool) {
	to, known := m.messages[effect]
	if !known {
		m.fault("a flow leads to %s, which nobody publishes", effect)
		return
	}
	if !reached[effect] {
		to.order = len(reached)
		reached[effect] = true
	}
	if cause == "" {
		return
	}
	from, known := m.messages[cause]
	if !known || len(Between(from, to)) == 0 {
		m.fault("a flow leads from %s to %s, but no service reads the first and publishes the second", cause, effect)
		return
	}
	from.Leads = append(from.Leads, effect)
}

// Between returns the services that read from and publish to.
func Between(from, to *Message) []string {
	var services []string
	for _, p := range to.Publishers {
		reads := slices.ContainsFunc(from.Readers, func(q Queue) bool { return q.Service == p.Service })
		if reads && !slices.Contains(services, p.Service) {
			services = append(services, p.Service)
		}
	}
	return services
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
