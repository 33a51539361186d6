package provider

import "slices"

// Name is the provider's id.
func (p Provider) Name() string { return p.ID }

// SameSession tells whether a session goes on when other takes p's place.
func (p Provider) SameSession(other Provider) bool { return p.Session == other.Session }

// SameDoor tells whether what is looked at without a session, or while it goes on, is the same.
func (p Provider) SameDoor(other Provider) bool {
	return p.User == other.User && p.PasswordHash == other.PasswordHash && slices.Equal(p.Addresses, other.Addresses) &&
		p.Certificate == other.Certificate && p.Throttle == other.Throttle
}
