package blotter

import (
	"slices"

	"fxcore/services/contract/reason"
)

// Unseen stands for the text of a refusal by a line that its reader may not see.
const Unseen = "a line of the bank that is not yours to see does not allow this deal: ask the bank"

// overLine is the flag of a trade that a line does not bear.
const overLine = "over_line"

// Sees tells whether a reader may see what the line of a node carries.
type Sees func(node string) bool

// For returns what a reader sees of a refusal. asker is who asked by the API; nil if a provider asked.
func (r Refusal) For(sees Sees, asker *Caller) Refusal {
	if node := r.line(asker); node != "" && !sees(node) {
		r.Node, r.Text = "", Unseen
	}
	return r
}

// line returns the node of the line that refused; empty if none did.
func (r Refusal) line(asker *Caller) string {
	if r.Node == "" && slices.Contains(lineCodes, reason.Code(r.Code)) {
		return narrowest(asker)
	}
	return r.Node
}

// lineCodes are those of refusals whose text has figures of a line, also if they name no node: an older version of linecheck made them.
var lineCodes = []reason.Code{reason.LineExceeded, reason.SettlementExceeded, reason.ClipExceeded}

// narrowest returns, of the lines that may have refused a deal, one that the fewest people may see: the line of the person who asked.
// A deal of a provider is on no such line.
func narrowest(asker *Caller) string {
	if asker == nil {
		return "desk/"
	}
	return "dealer/" + asker.User
}

// For returns what a reader sees of a refused check: the text and the lines that it may see.
func (r CheckRefusal) For(sees Sees, asker *Caller) *CheckRefusal {
	if r.Node == "" && len(r.Nodes) > 0 { // an older version of linecheck named the binding node only there
		r.Node = r.Nodes[0].Node
	}
	r.Refusal, r.Nodes = r.Refusal.For(sees, asker), Seen(sees, r.Nodes)
	return &r
}

// Seen returns those of the lines that a reader may see.
func Seen(sees Sees, nodes []Node) []Node {
	return slices.DeleteFunc(slices.Clone(nodes), func(n Node) bool { return !sees(n.Node) })
}

// For returns what a reader sees of a trade: no text about a line that it may not see.
func (t Trade) For(sees Sees) Trade {
	if t.Rejection != nil {
		seen := t.Rejection.For(sees, t.EnteredBy)
		t.Rejection = &seen
	}
	if t.overLine() && !sees(narrowest(t.EnteredBy)) {
		t.Flags = slices.Clone(t.Flags)
		for i := range t.Flags {
			if t.Flags[i].Flag == overLine {
				t.Flags[i].Text = ""
			}
		}
	}
	return t
}

// overLine tells whether a flag tells of a line. It does not name it.
func (t Trade) overLine() bool {
	return slices.ContainsFunc(t.Flags, func(f Flag) bool { return f.Flag == overLine })
}

// Lines returns the nodes of the lines of which the trade's texts tell.
func (t Trade) Lines() (nodes []string) {
	if t.Rejection != nil && t.Rejection.line(t.EnteredBy) != "" {
		nodes = append(nodes, t.Rejection.line(t.EnteredBy))
	}
	if t.overLine() {
		nodes = append(nodes, narrowest(t.EnteredBy))
	}
	return nodes
}
