package directory

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"fxcore/services/linecheck/internal/line"
)

// Branch is a node with its place: the nodes above a client, and the desks that deal with what it is about.
type Branch struct {
	Node    line.Node
	Parents []line.Node     // of a client: its group and its desk
	Desks   map[string]bool // of a client and a desk: its own; of a group: those of its clients
}

// Tree returns every node that has a line or that a client's deals use, in the order of their keys. A node that a client's deals
// use and that has no line is in it: nobody can deal there, but it may carry what was done before.
func (s *Snapshot) Tree() []Branch {
	all := map[line.Node]Branch{}
	add := func(n line.Node, desk string, parents ...line.Node) {
		b, known := all[n]
		if !known {
			b = Branch{Node: n, Parents: parents, Desks: map[string]bool{}}
		}
		if desk != "" {
			b.Desks[desk] = true
		}
		all[n] = b
	}
	for id, c := range s.Clients {
		path := line.Path{Group: c.Group, Desk: c.Desk, Client: id}.Nodes()
		parents := path[:len(path)-1]
		add(path[len(path)-1], c.Desk, parents...)
		for _, n := range parents {
			add(n, c.Desk)
		}
	}
	for n := range s.Limits {
		desk := ""
		if n.Level == line.Desk {
			desk = n.ID
		}
		add(n, desk)
	}
	return slices.SortedFunc(maps.Values(all), func(a, b Branch) int { return cmp.Compare(a.Node.String(), b.Node.String()) })
}

// Line returns the line of a node; false if the node has none. Error: market.ErrNoData if the limit's currency has no rate.
func (s *Snapshot) Line(n line.Node) (l line.Line, has bool, err error) {
	limit, has := s.Limits[n]
	if !has {
		return line.Line{Node: n}, false, nil
	}
	if l, err = s.lineOf(n, limit); err != nil {
		return l, true, fmt.Errorf("line of %s: %w", n, err)
	}
	return l, true, nil
}
