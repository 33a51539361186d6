// Package provider has the rules of the providers that may have a session by socket, read from the provider file.
package provider

import "fxcore/gateways/internal/providerfile"

// Provider is one external provider with its one session. Parse returns only valid ones.
type Provider struct {
	providerfile.Account

	Session int // number of its current session, from 1
}

// SameSession reports whether the session can go on when other replaces p.
func (p Provider) SameSession(other Provider) bool {
	return p.Account.SameSession(other.Account) && p.Session == other.Session
}

// SameDoor reports whether the rules that may change while the session goes on are the same.
func (p Provider) SameDoor(other Provider) bool { return p.Account.SameDoor(other.Account) }
