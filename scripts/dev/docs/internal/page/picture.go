package page

import (
	"slices"
	"strings"

	"fxcore/scripts/dev/docs/internal/choreography"
)

// Picture shows the flow of all messages that have the same noun.
type Picture struct {
	Noun  string
	Edges []Edge
	Ends  []Edge // messages without a successor: From is the message, To the reader
}

// Edge says that By reads From and publishes To.
type Edge struct{ From, By, To string }

// pictures draws one picture for each noun that has something to draw, in the order of the flows.
func pictures(c choreography.Choreography) []*Picture {
	byNoun, byName := map[string]*Picture{}, map[string]*choreography.Message{}
	var all []*Picture
	for _, m := range c.Messages {
		byName[m.Type.Name] = m
	}
	for _, m := range c.Messages {
		noun, _, _ := strings.Cut(m.Type.Name, ".")
		p, known := byNoun[noun]
		if !known {
			p = &Picture{Noun: noun}
			byNoun[noun] = p
			all = append(all, p)
		}
		p.draw(m, byName)
	}
	return slices.DeleteFunc(all, func(p *Picture) bool { return len(p.Edges)+len(p.Ends) == 0 })
}

func (p *Picture) draw(m *choreography.Message, byName map[string]*choreography.Message) {
	acts := map[string]bool{}
	for _, name := range m.Leads {
		by := choreography.Between(m, byName[name])
		for _, service := range by {
			acts[service] = true
		}
		p.Edges = append(p.Edges, Edge{m.Type.Name, strings.Join(by, ", "), name})
	}
	for _, q := range m.Readers {
		if !acts[q.Service] {
			acts[q.Service] = true
			p.Ends = append(p.Ends, Edge{From: m.Type.Name, To: q.Service})
		}
	}
}
