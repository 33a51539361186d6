package blotter

// State is where a trade stands.
type State string

// The states.
const (
	Pending    State = "pending"    // asked for; nothing is decided
	Rejected   State = "rejected"   // refused, with the reason
	Registered State = "registered" // done; the mainframe has not answered
	Booked     State = "booked"     // done and booked by the mainframe
	Refused    State = "refused"    // done, but the mainframe refused to book it
	Executed   State = "executed"   // all legs are settled
	Deleted    State = "deleted"    // it should never have been booked
)

// States lists all states.
func States() []State {
	return []State{Pending, Rejected, Registered, Booked, Refused, Executed, Deleted}
}

// State returns where the trade stands, from whatever messages have arrived.
func (f *Facts) State() State {
	switch {
	case f.Executed != nil && f.Executed.Version >= f.version():
		return Executed
	case f.Deleted != nil && f.Deleted.Version >= f.version():
		return Deleted
	case f.Booked != nil && version(f.Booked.Version) >= f.version():
		return Booked
	case f.Refused != nil && version(f.Refused.Version) >= f.version():
		return Refused
	case f.Registered != nil, f.Booked != nil, f.Refused != nil, f.Assigned != nil, len(f.Settlements) > 0:
		return Registered
	case f.Rejected != nil:
		return Rejected
	}
	return Pending
}

// version is that of the registered trade; 1 before the registration arrives.
func (f *Facts) version() int {
	if f.Registered == nil {
		return 1
	}
	return version(f.Registered.Version)
}

// version returns the version that a message names. It may leave out the first one.
func version(named int) int { return max(named, 1) }

// Desk returns the desk whose people may see the trade: the client's, else that of the trader who answers for it, else that of the
// person who asked.
func (f *Facts) Desk() string {
	switch {
	case f.Terms != nil && f.Terms.Desk != "":
		return f.Terms.Desk
	case f.Assigned != nil:
		return f.Assigned.Desk
	case f.Caller != nil:
		return f.Caller.Desk
	}
	return ""
}

// Client returns the client whose trade it is.
func (f *Facts) Client() string {
	if f.Request == nil {
		return ""
	}
	return f.Request.Client
}
