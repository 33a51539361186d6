package provider

import "reflect"

// SameSession reports whether the session can go on when other replaces p.
func (p Provider) SameSession(other Provider) bool {
	return p.Account.SameSession(other.Account) && p.BeginString == other.BeginString && p.DefaultApplVerID == other.DefaultApplVerID &&
		p.CompID == other.CompID && p.OurCompID == other.OurCompID && p.Reset == other.Reset && p.Dialect == other.Dialect &&
		reflect.DeepEqual(p.Variation, other.Variation) && p.Schedule.Same(other.Schedule)
}

// SameDoor reports whether the rules that may change while the session goes on are the same.
func (p Provider) SameDoor(other Provider) bool {
	return p.Account.SameDoor(other.Account) && p.MaxHeartbeat == other.MaxHeartbeat
}
