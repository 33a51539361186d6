package line

import (
	"fmt"
	"slices"
	"strings"
)

// Level is the level of a node in the hierarchy.
type Level string

// The levels of the hierarchy, broadest first.
const (
	Group  Level = "group"  // companies under one control: one credit risk
	Desk   Level = "desk"   // a desk of the bank, with a line for all its deals
	Dealer Level = "dealer" // the person of the bank who deals, with a limit of its own
	Client Level = "client" // the company that deals with the bank
)

// Node is one member of the hierarchy that has a line.
type Node struct {
	Level Level
	ID    string
}

// String returns the node's key in static data, messages and tables: "client/C000001".
func (n Node) String() string { return string(n.Level) + "/" + n.ID }

// ParseNode parses a node's key. It returns an error for a missing id or an unknown level.
func ParseNode(key string) (Node, error) {
	level, id, _ := strings.Cut(key, "/")
	n := Node{Level: Level(level), ID: id}
	switch {
	case id == "":
		return Node{}, fmt.Errorf("node key %q has no id", key)
	case n.Level != Group && n.Level != Desk && n.Level != Dealer && n.Level != Client:
		return Node{}, fmt.Errorf("node key %q has an unknown level", key)
	}
	return n, nil
}

// Path names the nodes that one deal of a client uses. Group is empty if the client has no group, Desk if the deal has no desk,
// and Dealer if no person of the bank asked for the deal.
type Path struct {
	Group, Desk, Dealer, Client string
}

// Nodes returns the nodes of the path, broadest first.
func (p Path) Nodes() []Node {
	nodes := make([]Node, 0, 4)
	for _, n := range [...]Node{{Group, p.Group}, {Desk, p.Desk}, {Dealer, p.Dealer}, {Client, p.Client}} {
		if n.ID != "" {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// PathOf returns the path of the given nodes.
func PathOf(nodes ...Node) Path {
	var p Path
	for _, n := range nodes {
		switch n.Level {
		case Group:
			p.Group = n.ID
		case Desk:
			p.Desk = n.ID
		case Dealer:
			p.Dealer = n.ID
		case Client:
			p.Client = n.ID
		}
	}
	return p
}

// LockOrder sorts node keys into the order in which every transaction must lock them, and removes duplicates. The order
// is descending: groups, then desks, dealers and clients. The nodes that most transactions share come first, so that a waiting
// transaction holds few locks. LockOrder changes keys in place.
func LockOrder(keys []string) []string {
	slices.SortFunc(keys, func(a, b string) int { return strings.Compare(b, a) })
	return slices.Compact(keys)
}
