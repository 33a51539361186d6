package access

import (
	"strings"

	"fxcore/services/contract/rights"
)

// Holder returns the caller as a holder of rights, by the roles of its token.
func (c Caller) Holder() rights.Holder {
	return rights.Holder{Roles: c.Roles, Desk: c.Desk, Client: c.Client}
}

// Dealer returns the person of the bank who deals, on whose own line a deal counts. It is empty if nobody calls, because a
// provider asks, and if a system calls. auth has decided by the same user.
func (c *Caller) Dealer() string {
	if c == nil || len(c.Roles) == 1 && rights.Role(c.Roles[0]) == rights.System {
		return ""
	}
	return c.User
}

// SeesLine reports whether the caller may see what a line carries. The line is of a node that a deal within the caller's reach uses,
// as messages name it: "client/C000001". A system sees the lines of its clients alone. A person of a desk sees no other dealer's.
func (c Caller) SeesLine(node string) bool {
	level, id, _ := strings.Cut(node, "/")
	switch h := c.Holder(); h.Reach(rights.ViewLines) {
	case rights.All:
		return true
	case rights.OwnDesk:
		return level != "dealer" || id == c.User
	case rights.OwnClient:
		return level == "client" && h.Reaches(rights.ViewLines, id, "")
	default:
		return false
	}
}
