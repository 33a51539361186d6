package access

import "fxcore/services/contract/rights"

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
