package provider

import "reflect"

// SameSession tells whether a session goes on when other takes p's place.
func (p Provider) SameSession(other Provider) bool {
	return p.Account.SameSession(other.Account) && p.BeginString == other.BeginString && p.DefaultApplVerID == other.DefaultApplVerID &&
		p.CompID == other.CompID && p.OurCompID == other.OurCompID && p.Reset == other.Reset && p.Dialect == other.Dialect &&
		reflect.DeepEqual(p.Variation, other.Variation) && p.Schedule.Same(other.Schedule)
}

// SameDoor tells whether what the door checks, and what changes while the session goes on, is the same.
func (p Provider) SameDoor(other Provider) bool {
	return p.Account.SameDoor(other.Account) && p.MaxHeartbeat == other.MaxHeartbeat
}
