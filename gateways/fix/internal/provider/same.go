package provider

import (
	"reflect"
	"slices"
)

// Name is the provider's id.
func (p Provider) Name() string { return p.ID }

// SameSession tells whether a session goes on when other takes p's place.
func (p Provider) SameSession(other Provider) bool {
	return p.BeginString == other.BeginString && p.DefaultApplVerID == other.DefaultApplVerID && p.CompID == other.CompID &&
		p.OurCompID == other.OurCompID && p.Reset == other.Reset && p.Dialect == other.Dialect &&
		reflect.DeepEqual(p.Variation, other.Variation) && p.Schedule.Same(other.Schedule) && p.CancelAfter == other.CancelAfter
}

// SameDoor tells whether what is looked at without a session, or while it goes on, is the same.
func (p Provider) SameDoor(other Provider) bool {
	return p.User == other.User && p.PasswordHash == other.PasswordHash && p.MaxHeartbeat == other.MaxHeartbeat &&
		slices.Equal(p.Addresses, other.Addresses) && p.Certificate == other.Certificate && p.Throttle == other.Throttle
}
