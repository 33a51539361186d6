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

// SeesLine reports whether the caller may see what a line carries; see [Sight].
func (c Caller) SeesLine(node string) bool { return c.Sight().Sees(node) }

// Sight is which lines a caller may see. The lines are those of a deal within the caller's reach. A system sees the lines of its
// clients alone. A person of a desk sees no other dealer's. Callers who see the same have equal sights.
type Sight struct {
	reach  rights.Reach
	user   string // of a person of a desk
	client string // of a system
}

// Sight returns which lines the caller may see.
func (c Caller) Sight() Sight {
	switch s := (Sight{reach: c.Holder().Reach(rights.ViewLines)}); s.reach {
	case rights.OwnDesk:
		s.user = c.User
		return s
	case rights.OwnClient:
		s.client = c.Client
		return s
	default:
		return s
	}
}

// Sees reports whether what a line carries may be seen. The line is of a node, as messages name it: "client/C000001".
func (s Sight) Sees(node string) bool {
	level, id, _ := strings.Cut(node, "/")
	switch s.reach {
	case rights.All:
		return true
	case rights.OwnDesk:
		return level != "dealer" || id == s.user
	case rights.OwnClient:
		return level == "client" && id != "" && (s.client == "*" || s.client == id)
	default:
		return false
	}
}

// Common returns the sight without what one person alone sees: the own line of a dealer.
func (s Sight) Common() Sight {
	s.user = ""
	return s
}
