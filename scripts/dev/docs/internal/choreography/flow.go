package choreography

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// unordered is where messages without a flow come: after all others.
const unordered = 1_000_000

// Flow is one step: handling Cause leads to one or more of Effects. A flow without a cause is a beginning.
type Flow struct {
	Cause   string
	Effects []string
}

// ParseFlows reads one flow per line: "trade.requested: trade.authorized trade.rejected". The cause "*" begins stories.
// Empty lines and those with # say nothing.
func ParseFlows(text string) ([]Flow, error) {
	var flows []Flow
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cause, effects, found := strings.Cut(line, ":")
		if !found {
			return nil, fmt.Errorf("flows, line %d: %q is not cause: effects", i+1, line)
		}
		flows = append(flows, Flow{strings.TrimPrefix(cause, "*"), strings.Fields(effects)})
	}
	return flows, nil
}

// follow notes what leads to what. A flow must be possible (whoever publishes the effect reads the cause), and every
// message must have come from somewhere.
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
		m.fault("a flow leads from %s to %s, but nobody reads the one and publishes the other", cause, effect)
		return
	}
	from.Leads = append(from.Leads, effect)
}

// Between lists the services that read the one message and publish the other.
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
