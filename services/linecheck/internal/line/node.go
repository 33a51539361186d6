package line

import (
	"fmt"
	"slices"
	"strings"
)

// Level is the kind of a node.
type Level string

// The levels of the hierarchy, broadest first.
const (
	Group  Level = "group"  // companies under one control: one risk
	Desk   Level = "desk"   // our side: what one desk may have out
	Client Level = "client" // the company that deals
)

// Node is one place in the hierarchy that has a line.
type Node struct {
	Level Level
	ID    string
}

// String is the node's key, as static data, messages and tables know it: "client/C000001".
func (n Node) String() string { return string(n.Level) + "/" + n.ID }

// ParseNode reads a node's key.
func ParseNode(key string) (Node, error) {
	level, id, _ := strings.Cut(key, "/")
	n := Node{Level: Level(level), ID: id}
	switch {
	case id == "":
		return Node{}, fmt.Errorf("node key %q has no id", key)
	case n.Level != Group && n.Level != Desk && n.Level != Client:
		return Node{}, fmt.Errorf("node key %q has an unknown level", key)
	}
	return n, nil
}

// Path is the hierarchy of one client as one deal uses it. A client without a group, or a deal without a desk, has none.
type Path struct {
	Group, Desk, Client string
}

// Nodes lists the nodes of the path, broadest first.
func (p Path) Nodes() []Node {
	nodes := make([]Node, 0, 3)
	for _, n := range [...]Node{{Group, p.Group}, {Desk, p.Desk}, {Client, p.Client}} {
		if n.ID != "" {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// PathOf is the path that leads through the given nodes.
func PathOf(nodes ...Node) Path {
	var p Path
	for _, n := range nodes {
		switch n.Level {
		case Group:
			p.Group = n.ID
		case Desk:
			p.Desk = n.ID
		case Client:
			p.Client = n.ID
		}
	}
	return p
}

// LockOrder sorts node keys the way every transaction must lock them, and drops repetitions: descending, so that groups
// come before desks and desks before clients. What is shared by most is locked first: who has to wait then waits for it
// while holding little that others want.
func LockOrder(keys []string) []string {
	slices.SortFunc(keys, func(a, b string) int { return strings.Compare(b, a) })
	return slices.Compact(keys)
}
