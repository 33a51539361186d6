// Package provider is who may have a session by socket, as data: identity, credentials, where it may come from, how fast.
package provider

import "fxcore/gateways/internal/providerfile"

// Provider is one external provider and its one session. It is valid: see Parse.
type Provider struct {
	providerfile.Account

	Session int // which of its sessions runs: 1 is the first
}

// SameSession tells whether a session goes on when other takes p's place.
func (p Provider) SameSession(other Provider) bool {
	return p.Account.SameSession(other.Account) && p.Session == other.Session
}

// SameDoor tells whether what the door checks, and what changes while the session goes on, is the same.
func (p Provider) SameDoor(other Provider) bool { return p.Account.SameDoor(other.Account) }
